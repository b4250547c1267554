/** Something of the operating system that the cluster needs, and the Debian package that brings it. */
export interface OsProgram {
  /** What is missing, for the message. */
  readonly name: string;
  readonly debianPackage: string;
  /** How its presence is seen. */
  readonly presence:
    | { readonly kind: 'program'; readonly program: string }
    | { readonly kind: 'pkg-config'; readonly library: string }
    | { readonly kind: 'header'; readonly path: string }
    | { readonly kind: 'static-program'; readonly program: string };
}

function program(name: string, debianPackage: string): OsProgram {
  return { name, debianPackage, presence: { kind: 'program', program: name } };
}

/** Needed by every `up`. */
export const runPrograms: readonly OsProgram[] = [
  program('ip', 'iproute2'),
  program('nft', 'nftables'),
  program('nsenter', 'util-linux'),
  program('unshare', 'util-linux'),
  program('mount', 'mount'),
  {
    name: 'busybox (statically linked)',
    debianPackage: 'busybox-static',
    presence: { kind: 'static-program', program: 'busybox' },
  },
];

/** Needed while runc or the viewer is not yet built: both use C libraries. */
export const buildPrograms: readonly OsProgram[] = [
  program('gcc', 'gcc'),
  program('g++', 'g++'),
  program('pkg-config', 'pkg-config'),
  {
    name: 'C library headers',
    debianPackage: 'libc6-dev',
    presence: { kind: 'header', path: '/usr/include/stdio.h' },
  },
  {
    name: 'libseccomp',
    debianPackage: 'libseccomp-dev',
    presence: { kind: 'pkg-config', library: 'libseccomp' },
  },
];

const programHeaderInterpreter = 3;

/** True for a 64-bit little-endian ELF program that asks for no dynamic loader. */
export function isStaticProgram(file: Buffer): boolean {
  if (file.length < 64 || file.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return false;
  const offset = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  const count = file.readUInt16LE(56);
  const types = Array.from({ length: count }, (_, index) =>
    file.readUInt32LE(offset + index * size),
  );
  return !types.includes(programHeaderInterpreter);
}
