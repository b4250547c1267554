import { sleep } from '../deadline.ts';
import type { PacketAnswer, PacketAttempt } from './attempt.ts';
import { openEchoSocket, type EchoSocket } from './echo-socket.ts';
import { attemptByProgram } from './echo-program.ts';
import { errnoName } from './errno.ts';
import { loadLibc } from './libc.ts';
import { socketAddress } from './socket-address.ts';

const lookEveryMs = 1;

/** One echo request by an ICMP socket of ours, with the kernel's stamps; by the program `ping` where there may be none. */
export const attemptIcmp: PacketAttempt = async (target, signal) => {
  const address = socketAddress(target.address);
  const loaded = await loadLibc();
  if (address === undefined || loaded.kind === 'absent') return attemptByProgram(target, signal);
  const opened = openEchoSocket(loaded.libc, { family: address.length === 28 ? 6 : 4 });
  if (opened.kind === 'refused') return attemptByProgram(target, signal);
  const { socket } = opened;
  try {
    return await echo(socket, address, signal);
  } finally {
    socket.close();
  }
};

async function echo(
  socket: EchoSocket,
  address: Uint8Array,
  signal: AbortSignal,
): Promise<PacketAnswer> {
  const { errno } = socket.send(address, 1);
  if (errno !== 0) return { kind: 'silent', why: errnoName(errno) };
  while (!signal.aborted) {
    let atNs: bigint | undefined;
    socket.receive((_, receivedNs) => (atNs = socket.clock.toEpochNs(receivedNs)));
    if (atNs !== undefined) return { kind: 'answered', answer: 'echo reply', atNs };
    await sleep(lookEveryMs, signal);
  }
  return { kind: 'silent', why: 'no echo reply' };
}
