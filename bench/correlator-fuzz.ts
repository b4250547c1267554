import { cpus } from 'node:os';
import { fuzz, type FuzzResult } from '../test/unit/receivers/correlator/fuzz.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';

const rounds = 20;
const requestsInARound = 50_000;
const seed = 1;

/** A million mutated requests; throws where one breaks the correlator, and says what it took. */
export async function correlatorFuzz(): Promise<Benchmark> {
  const results: FuzzResult[] = [];
  const rssBytes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    console.error(`${round * requestsInARound} of ${rounds * requestsInARound} requests`);
    results.push(fuzz(requestsInARound, seed + round));
    global.gc?.();
    rssBytes.push(process.memoryUsage().rss);
    await new Promise(setImmediate);
  }
  const sum = (of: (result: FuzzResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const once = (figure: string, unit: string, value: number, goal: Figure['goal']): Figure => ({
    figure,
    unit,
    ours: measured([value]),
    peers: {},
    goal,
  });
  const requests = sum((result) => result.requests);
  return {
    name: 'correlator-fuzz',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; seeds ${seed} to ${seed + rounds - 1}`,
      'OTLP requests mutated field by field: cut short, wrong wire types, huge lengths, zero ids, links to itself, 10,000 spans in one trace',
      'every span counted once, what waits within its bound, every copy decoded by another codec',
    ],
    figures: [
      once('requests survived', '{request}', requests, { atLeast: 1_000_000 }),
      once('read beyond the envelope', '1', sum((result) => result.beyondHeader) / requests, {
        atLeast: 0.5,
      }),
      once(
        'spans',
        '{span}',
        sum((result) => result.spans),
        null,
      ),
      once(
        'copies',
        '{span}',
        sum((result) => result.copies),
        null,
      ),
      once(
        'malformed spans and requests',
        '1',
        sum((result) => result.malformed),
        null,
      ),
      once('held at most', 'By', Math.max(...results.map((result) => result.mostHeldBytes)), {
        atMost: 4 * 1024 * 1024,
      }),
    ],
  };
}
