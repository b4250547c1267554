import { commonBytes, frequency, windowBytes, type Window } from './literal-window.ts';

const bucketCount = 8;

/** For each place of a window: which low halves of bytes, and which high halves, one of a bucket's windows has there, as bits. */
interface Masks {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface Bucket {
  readonly members: readonly Window[];
  readonly masks: Masks;
  /** Of all places in logs, which it lets through. */
  readonly share: number;
}

const empty: Bucket = { members: [], masks: { low: [0, 0, 0], high: [0, 0, 0] }, share: 0 };

/**
 * Spreads windows over buckets so that few bytes of logs that are none of them look like one: a bucket lets all bytes through of
 * which a low half and a high half are in it, though of different windows.
 */
export function spread(windows: readonly Window[]): readonly (readonly Window[])[] {
  let buckets: readonly Bucket[] = Array.from({ length: bucketCount }, () => empty);
  for (const window of windows) {
    const grown = buckets.map((bucket) => withWindow(bucket, window));
    const costs = grown.map(({ share }, index) => share - (buckets[index]?.share ?? 0));
    const best = costs.indexOf(Math.min(...costs));
    buckets = buckets.map((bucket, index) => (index === best ? (grown[index] ?? bucket) : bucket));
  }
  return buckets.map(({ members }) => members);
}

function withWindow({ members, masks }: Bucket, window: Window): Bucket {
  const more = joined(masks, window);
  return { members: [...members, window], masks: more, share: shareOf(more) };
}

function joined({ low, high }: Masks, { literal, place }: Window): Masks {
  const at = (index: number) => literal[place + index] ?? 0;
  return {
    low: low.map((mask, index) => mask | (1 << (at(index) & 15))),
    high: high.map((mask, index) => mask | (1 << (at(index) >> 4))),
  };
}

/** Which share of all places in logs is let through, as if bytes came independently of each other. */
function shareOf({ low, high }: Masks): number {
  let product = 1;
  for (let place = 0; place < windowBytes; place++) {
    let sum = 0;
    for (const byte of commonBytes)
      if (((low[place] ?? 0) >> (byte & 15)) & ((high[place] ?? 0) >> (byte >> 4)) & 1)
        sum += frequency(byte);
    product *= sum;
  }
  return product;
}
