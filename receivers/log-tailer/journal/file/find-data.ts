import { lookup3 } from './lookup3.ts';
import type { Header } from './header.ts';
import { number64 } from './number64.ts';
import { objectSize, objectType, type Arena } from './objects.ts';
import { dataHeadBytes, readField } from './data.ts';
import { sipHash24 } from './siphash.ts';

const cellBytes = 16;
/** systemd begins a new file at chains of a hundred. */
const longestChain = 4096;

/** Where the DATA object of a field lies, such as `_SYSTEMD_UNIT=kubelet.service`; undefined where the file has none. */
export function findData(arena: Arena, header: Header, field: string): number | undefined {
  const wanted = Buffer.from(field);
  const hash = header.isKeyedHash
    ? sipHash24(wanted, Buffer.from(header.fileId, 'hex'))
    : lookup3(wanted);
  const cells = Math.floor(header.dataTableBytes / cellBytes);
  const { windows } = arena;
  if (!(cells > 0 && cells < Infinity)) return undefined;
  const cell = header.dataTableOffset + Number(hash % BigInt(cells)) * cellBytes;
  if (!windows.locate(cell, cellBytes)) return undefined;
  let offset = number64(windows.view, windows.at);
  for (let i = 0; i < longestChain; i++) {
    const size = objectSize(arena, offset, objectType.data, dataHeadBytes(arena));
    if (size === 0 || !windows.locate(offset, 64)) return undefined;
    const next = number64(windows.view, windows.at + 24);
    if (windows.view.getBigUint64(windows.at + 16, true) === hash && holds(arena, offset, wanted))
      return offset;
    if (next <= offset) return undefined;
    offset = next;
  }
  return undefined;
}

function holds(arena: Arena, offset: number, wanted: Buffer): boolean {
  const field = readField(arena, offset, wanted.length);
  if (typeof field === 'string') return false;
  const name = wanted.toString('latin1', 0, field.name.length);
  const value = wanted.subarray(field.name.length + 1);
  return name === field.name && value.equals(field.value);
}
