/** Takes texts, one after the other, and tells 64 bits of them all. */
export interface Fingerprint {
  readonly add: (text: string) => void;
  /** 16 hexadecimal digits. */
  readonly read: () => string;
}

const separator = 0x1f;

/**
 * The same for the same texts at every node, and another one for almost any others: FNV-1a in two lanes, each with the last step of
 * MurmurHash3. Not for secrets: what is fit for those takes more memory, loaded, than a thousand peers.
 */
export function createFingerprint(): Fingerprint {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;

  function take(code: number): void {
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5bd1e995);
  }

  return {
    add: (text) => {
      for (let index = 0; index < text.length; index++) take(text.charCodeAt(index));
      take(separator);
    },
    read: () => digits(mixed(one)) + digits(mixed(other ^ one)),
  };
}

export function fingerprintOf(text: string): string {
  const fingerprint = createFingerprint();
  fingerprint.add(text);
  return fingerprint.read();
}

/** Each bit depends on each. */
function mixed(bits: number): number {
  let left = bits;
  left = Math.imul(left ^ (left >>> 16), 0x85ebca6b);
  left = Math.imul(left ^ (left >>> 13), 0xc2b2ae35);
  return (left ^ (left >>> 16)) >>> 0;
}

function digits(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}
