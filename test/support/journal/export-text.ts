import type { FileEntry } from '../../../receivers/log-tailer/journal/file/file-entry.ts';
import type { Field } from '../../../receivers/log-tailer/journal/entry.ts';

/** A field as the journal export format has it: text, or binary where it is no UTF-8 or has control characters. */
export function exportField({ name, value }: Field): Buffer {
  if (isPlain(value)) return Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')]);
}

/** An entry as systemd 252's `journalctl -o export` prints it, of a file that knows where it stands. */
export function exportEntry(entry: FileEntry): Buffer {
  const { seqnumId, seqnum, bootId, monotonicUs, realtimeUs, xorHash } = entry;
  const numbers = { i: seqnum, b: bootId, m: monotonicUs, t: realtimeUs, x: xorHash };
  const cursor = Object.entries(numbers).map(([key, value]) => `;${key}=${value.toString(16)}`);
  return Buffer.concat([
    Buffer.from(
      `__CURSOR=s=${seqnumId}${cursor.join('')}\n` +
        `__REALTIME_TIMESTAMP=${realtimeUs}\n__MONOTONIC_TIMESTAMP=${monotonicUs}\n_BOOT_ID=${bootId}\n`,
    ),
    ...entry
      .fields()
      .filter(({ name }) => name !== '_BOOT_ID')
      .map(exportField),
    Buffer.from('\n'),
  ]);
}

function isPlain(value: Buffer): boolean {
  const text = value.toString('utf8');
  // eslint-disable-next-line no-control-regex
  return Buffer.from(text).equals(value) && !/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text);
}
