import { pick, whole, type Random } from '../../../correlator/fuzz/random.ts';
import type { Placed } from './objects-of.ts';
import type { PatchedBytes } from './patched-bytes.ts';

/** Most of an object's bytes that are looked for places to change: the hash tables are of megabytes, and hold nothing. */
const nearBytes = 4096;
const headerBytes = 272;
const pageBytes = 4096;

type Mutation = (patched: PatchedBytes, objects: readonly Placed[], random: Random) => void;

/** Ways in which a journal comes to be damaged, or is made to harm. */
const mutations: Readonly<Record<string, Mutation>> = {
  bit(patched, objects, random) {
    const at = placeIn(pick(random, objects), random);
    patched.write(at, Buffer.from([(patched.bytes[at] as number) ^ (1 << whole(random, 8))]));
  },
  number(patched, objects, random) {
    const { offset, size } = pick(random, objects);
    const at = offset + 8 * whole(random, Math.min(nearBytes, size) / 8);
    patched.write(at, numberBytes(odd(random, objects, patched), 8));
  },
  shortNumber(patched, objects, random) {
    const { offset, size } = pick(random, objects);
    const at = offset + 4 * whole(random, Math.min(nearBytes, size) / 4);
    patched.write(at, numberBytes(odd(random, objects, patched), 4));
  },
  size(patched, objects, random) {
    const { offset } = pick(random, objects);
    patched.write(offset + 8, numberBytes(odd(random, objects, patched), 8));
  },
  type(patched, objects, random) {
    patched.write(pick(random, objects).offset, Buffer.from([whole(random, 9)]));
  },
  compression(patched, objects, random) {
    patched.write(pick(random, objects).offset + 1, Buffer.from([whole(random, 8)]));
  },
  payload(patched, objects, random) {
    const { offset, size } = pick(
      random,
      objects.filter(({ isCompressed }) => isCompressed),
    );
    const at = offset + 64 + whole(random, size - 64);
    patched.write(at, Buffer.from([whole(random, 256)]));
  },
  header(patched, objects, random) {
    const at = 8 * whole(random, headerBytes / 8);
    patched.write(at, numberBytes(odd(random, objects, patched), 8));
  },
  headerBit(patched, _objects, random) {
    const at = 8 + whole(random, headerBytes - 8);
    patched.write(at, Buffer.from([(patched.bytes[at] as number) ^ (1 << whole(random, 8))]));
  },
  cut(patched, objects, random) {
    const end = objects.at(-1)?.offset ?? 0;
    patched.length = whole(random, random() < 0.1 ? 300 : end + 100);
  },
  lostPage(patched, objects, random) {
    const { offset } = pick(random, objects);
    patched.write(offset - (offset % pageBytes), Buffer.alloc(pageBytes));
  },
  garbage(patched, objects, random) {
    const bytes = Buffer.from(
      Array.from({ length: 1 + whole(random, 200) }, () => whole(random, 256)),
    );
    patched.write(placeIn(pick(random, objects), random), bytes);
  },
  overwritten(patched, objects, random) {
    const from = pick(random, objects);
    const bytes = patched.bytes.subarray(from.offset, from.offset + Math.min(nearBytes, from.size));
    patched.write(pick(random, objects).offset, Buffer.from(bytes));
  },
};

const mutationNames = Object.keys(mutations);

/** Damages a journal in up to eight ways. */
export function mutate(patched: PatchedBytes, objects: readonly Placed[], random: Random): void {
  const times = 1 + whole(random, 8);
  for (let i = 0; i < times; i++)
    mutations[pick(random, mutationNames)]?.(patched, objects, random);
}

const placeIn = ({ offset, size }: Placed, random: Random): number =>
  offset + whole(random, Math.min(nearBytes, size));

/** Where something else lies, or what is just beyond what may be. */
function odd(random: Random, objects: readonly Placed[], { length }: PatchedBytes): bigint {
  const { offset } = pick(random, objects);
  const near = BigInt(offset + pick(random, [0, 0, 0, 8, -8, 1, 64]));
  const others = [0n, 1n, 7n, 8n, 16n, 24n, 64n, 1n << 20n, BigInt(length), BigInt(length) - 8n];
  const huge = [0x7fffffffn, 0xffffffffn, 1n << 32n, 1n << 53n, 1n << 63n, (1n << 64n) - 8n];
  return pick(random, pick(random, [[near], [near], others, huge]));
}

function numberBytes(value: bigint, length: 4 | 8): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes.subarray(0, length);
}
