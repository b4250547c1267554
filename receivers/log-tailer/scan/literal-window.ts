/** Bytes of a window: three in a row stand for a literal until it is compared. */
export const windowBytes = 3;

/** A literal, and where in it its window begins. */
export interface Window {
  readonly literal: Buffer;
  readonly number: number;
  readonly place: number;
}

/** By how often they come, the most common first: counted in logs of kubelets, container runtimes, kernels and API servers. */
const byCommonness =
  ' e21aot-r0nd:c64isl"53u.9b8p7fmg\nk=Iv\\yh/]DNU_CwPSxE+TRVA,()j><[qMFOLz\tX{}~WZGQK#?&B\'H%*;';
/** How much rarer each byte is than the one before it: `byCommonness` falls by half in 11 places. */
const fall = 16;
/** What three bytes of these words cost: they come more often than their bytes would by themselves. */
const commonWords =
  'kubelet kubernetes containerd container kernel systemd pod UID volume server projected plugin reconciler Name time level info started operation apparmor profile network Image runtime failed probe error status node meta system false message event object returns type mode target service Removed Succeeded link memory number';
const commonWordCost = 0.001;
/** Bytes that come often enough to be counted. */
export const commonBytes = Buffer.from(byCommonness);
const frequencies = frequenciesOf(byCommonness);

/** Which share of all bytes are this one, about. */
export function frequency(byte: number): number {
  return frequencies[byte] ?? 0;
}

/** The window of a literal that logs have least. The literal is no shorter than one. */
export function rarestWindow(literal: Buffer, number: number): Window {
  const places = Array.from({ length: literal.length - windowBytes + 1 }, (_, place) => place);
  const costs = places.map((place) => cost(literal.subarray(place, place + windowBytes)));
  return { literal, number, place: costs.indexOf(Math.min(...costs)) };
}

function cost(window: Buffer): number {
  const alone = window.reduce((product, byte) => product * frequency(byte), 1);
  return commonWords.includes(window.toString('latin1')) ? alone + commonWordCost : alone;
}

function frequenciesOf(bytes: string): Float64Array {
  const shares = new Float64Array(256).fill(Math.exp(-bytes.length / fall) / fall);
  for (const [place, character] of Array.from(bytes).entries())
    shares[character.charCodeAt(0)] = Math.exp(-place / fall) / fall;
  return shares;
}
