// Answers ICMP echo requests that come to a TUN device, a known time after each was read.
//
//	reflector DEVICE DELAY
//
// It makes the device, says "ready" and runs until it is killed.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

const (
	tunSetIff = 0x400454ca
	iffTun    = 0x0001
	iffNoPi   = 0x1000
	// A sleep wakes up late; what is left of the delay is waited for without sleeping.
	awake = 150 * time.Microsecond
)

type reply struct {
	due    time.Time
	packet []byte
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: reflector DEVICE DELAY")
	}
	delay, err := time.ParseDuration(os.Args[2])
	if err != nil {
		fail(err.Error())
	}
	fd := open(os.Args[1])
	fmt.Println("ready")
	replies := make(chan reply, 1024)
	go write(fd, replies)
	runtime.LockOSThread()
	buffer := make([]byte, 2048)
	for {
		n, err := syscall.Read(fd, buffer)
		if err == syscall.EINTR {
			continue
		}
		read := time.Now()
		if err != nil {
			fail(err.Error())
		}
		if packet := answer(buffer[:n]); packet != nil {
			replies <- reply{read.Add(delay), packet}
		}
	}
}

func open(name string) int {
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR, 0)
	if err != nil {
		fail(err.Error())
	}
	var request [40]byte
	copy(request[:15], name)
	binary.NativeEndian.PutUint16(request[16:], iffTun|iffNoPi)
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), tunSetIff, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		fail(errno.Error())
	}
	return fd
}

// The reply to an IPv4 echo request without options, or nil.
func answer(packet []byte) []byte {
	if len(packet) < 28 || packet[0] != 0x45 || packet[9] != 1 || packet[20] != 8 {
		return nil
	}
	out := make([]byte, len(packet))
	copy(out, packet)
	copy(out[12:16], packet[16:20])
	copy(out[16:20], packet[12:16])
	out[20] = 0
	// The sum over a message whose first byte became 0 instead of 8 (RFC 1624).
	sum := uint32(binary.BigEndian.Uint16(packet[22:])) + 0x0800
	binary.BigEndian.PutUint16(out[22:], uint16(sum+sum>>16))
	return out
}

func write(fd int, replies <-chan reply) {
	runtime.LockOSThread()
	for next := range replies {
		if left := time.Until(next.due); left > awake {
			time.Sleep(left - awake)
		}
		for time.Now().Before(next.due) {
		}
		if _, err := syscall.Write(fd, next.packet); err != nil {
			fail(err.Error())
		}
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "reflector: "+why)
	os.Exit(1)
}
