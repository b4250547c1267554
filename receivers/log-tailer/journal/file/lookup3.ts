/** Bob Jenkins' hashlittle2 of the bytes: what older journals find their fields by. https://burtleburtle.net/bob/c/lookup3.c */
export function lookup3(bytes: Buffer): bigint {
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + bytes.readInt32LE(at)) | 0;
    b = (b + bytes.readInt32LE(at + 4)) | 0;
    c = (c + bytes.readInt32LE(at + 8)) | 0;
    a = ((a - c) ^ turned(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turned(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turned(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ turned(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turned(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turned(b, 4)) | 0;
    b = (b + a) | 0;
  }
  if (at < bytes.length) {
    const last = Buffer.alloc(12);
    bytes.copy(last, 0, at);
    a = (a + last.readInt32LE(0)) | 0;
    b = (b + last.readInt32LE(4)) | 0;
    c = (c + last.readInt32LE(8)) | 0;
    c = ((c ^ b) - turned(b, 14)) | 0;
    a = ((a ^ c) - turned(c, 11)) | 0;
    b = ((b ^ a) - turned(a, 25)) | 0;
    c = ((c ^ b) - turned(b, 16)) | 0;
    a = ((a ^ c) - turned(c, 4)) | 0;
    b = ((b ^ a) - turned(a, 14)) | 0;
    c = ((c ^ b) - turned(b, 24)) | 0;
  }
  return (BigInt(c >>> 0) << 32n) | BigInt(b >>> 0);
}

const turned = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
