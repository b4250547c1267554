/** SipHash-2-4 of the bytes under a key of 16: what newer journals find their fields by. https://www.aumasson.jp/siphash/ */
export function sipHash24(bytes: Buffer, key: Buffer): bigint {
  const [low, high] = [key.readBigUInt64LE(0), key.readBigUInt64LE(8)];
  const v = [
    low ^ 0x736f6d6570736575n,
    high ^ 0x646f72616e646f6dn,
    low ^ 0x6c7967656e657261n,
    high ^ 0x7465646279746573n,
  ] as const satisfies readonly bigint[];
  let state: State = [v[0], v[1], v[2], v[3]];
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) state = mixIn(state, bytes.readBigUInt64LE(at));
  const last = Buffer.alloc(8);
  bytes.copy(last, 0, whole);
  last[7] = bytes.length & 0xff;
  state = mixIn(state, last.readBigUInt64LE(0));
  state = [state[0], state[1], state[2] ^ 0xffn, state[3]];
  for (let i = 0; i < 4; i++) state = round(state);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

type State = readonly [bigint, bigint, bigint, bigint];

function mixIn([a, b, c, d]: State, word: bigint): State {
  const [e, f, g, h] = round(round([a, b, c, d ^ word]));
  return [e ^ word, f, g, h];
}

function round([a, b, c, d]: State): State {
  const a1 = sum(a, b);
  const b1 = turned(b, 13n) ^ a1;
  const c1 = sum(c, d);
  const d1 = turned(d, 16n) ^ c1;
  const a2 = sum(turned(a1, 32n), d1);
  const d2 = turned(d1, 21n) ^ a2;
  const c2 = sum(c1, b1);
  const b2 = turned(b1, 17n) ^ c2;
  return [a2, b2, turned(c2, 32n), d2];
}

const sum = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a + b);
const turned = (a: bigint, bits: bigint): bigint =>
  BigInt.asUintN(64, (a << bits) | (a >> (64n - bits)));
