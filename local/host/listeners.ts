/** A listening TCP socket of one network namespace. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

export interface PortUse {
  readonly address: string;
  readonly port: number;
  /** Who is to listen there. */
  readonly component: string;
}

const listening = '0A';

/** Listening sockets in the text of /proc/net/tcp or /proc/net/tcp6. */
export function parseListeners(text: string): Listener[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      return {
        address: parseAddress(address),
        port: Number.parseInt(port, 16),
        inode: fields[9] ?? '',
      };
    });
}

/** The wanted ports that cannot be bound because of a listener: one on the same address, or on all of them. */
export function portConflicts(
  wanted: readonly PortUse[],
  listeners: readonly Listener[],
): { use: PortUse; listener: Listener }[] {
  return wanted.flatMap((use) => {
    const listener = listeners.find(
      ({ address, port }) =>
        port === use.port &&
        [use.address, '0.0.0.0', '::', `::ffff:${use.address}`].includes(address),
    );
    return listener === undefined ? [] : [{ use, listener }];
  });
}

/** The kernel prints 32-bit words in the byte order of the machine: all that Kubernetes runs on are little-endian here. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  if (mapped) return `::ffff:${bytes.slice(12).join('.')}`;
  return (hex.match(/.{4}/g) ?? []).join(':').toLowerCase();
}
