/** The calls of the C library that Node has no door to. All of them return at once. */
export interface Libc {
  readonly socket: (family: number, type: number, protocol: number) => number;
  readonly close: (fd: number) => number;
  readonly setsockopt: (
    fd: number,
    level: number,
    name: number,
    value: Int32Array,
    bytes: number,
  ) => number;
  readonly getsockopt: (
    fd: number,
    level: number,
    name: number,
    value: Uint8Array,
    bytes: Int32Array,
  ) => number;
  readonly bind: (fd: number, address: Uint8Array, bytes: number) => number;
  readonly connect: (fd: number, address: Uint8Array, bytes: number) => number;
  /** Fills seconds and nanoseconds. */
  readonly ioctl: (fd: number, request: number, time: BigInt64Array) => number;
  readonly sendto: SendTo;
  readonly recvmmsg: (
    fd: number,
    messages: Uint8Array,
    count: number,
    flags: number,
    timeout: null,
  ) => number;
  /** Fills seconds and nanoseconds. */
  readonly clock_gettime: (clock: number, time: BigInt64Array) => number;
  /** Of the call before. */
  readonly errno: () => number;
  /** Where a buffer's bytes lie: they stay there for as long as the buffer is referred to. */
  readonly addressOf: (buffer: Uint8Array) => bigint;
}

type SendTo = (
  fd: number,
  bytes: Uint8Array,
  length: number,
  flags: number,
  address: Uint8Array,
  addressLength: number,
) => number;

export type LibcAnswer =
  | { readonly kind: 'loaded'; readonly libc: Libc }
  | { readonly kind: 'absent'; readonly why: string };

const sixtyFourBit = new Set(['x64', 'arm64']);

/** Loads the C library through koffi; absent where that has no binary or the machine is another than Linux. */
export async function loadLibc(): Promise<LibcAnswer> {
  if (process.platform !== 'linux' || !sixtyFourBit.has(process.arch))
    return {
      kind: 'absent',
      why: `no layout is known for ${process.platform} on ${process.arch}`,
    };
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load('libc.so.6');
    return {
      kind: 'loaded',
      libc: {
        socket: library.func('int socket(int, int, int)'),
        close: library.func('int close(int)'),
        setsockopt: library.func('int setsockopt(int, int, int, const int32_t *, uint32_t)'),
        getsockopt: library.func('int getsockopt(int, int, int, uint8_t *, int32_t *)'),
        bind: library.func('int bind(int, const uint8_t *, uint32_t)'),
        connect: library.func('int connect(int, const uint8_t *, uint32_t)'),
        ioctl: library.func('int ioctl(int, ulong, int64_t *)'),
        sendto: library.func(
          'long sendto(int, const uint8_t *, size_t, int, const uint8_t *, uint32_t)',
        ),
        recvmmsg: library.func('int recvmmsg(int, uint8_t *, uint32_t, int, void *)'),
        clock_gettime: library.func('int clock_gettime(int, int64_t *)'),
        errno: () => koffi.errno(),
        addressOf: (buffer) => koffi.address(buffer),
      },
    };
  } catch (caught) {
    return { kind: 'absent', why: caught instanceof Error ? caught.message : String(caught) };
  }
}
