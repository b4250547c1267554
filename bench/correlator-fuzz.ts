import { cpus } from 'node:os';
import { fuzzFigures } from './correlator-fuzz/figures.ts';
import { requestsInARound, rounds, runFuzz, seed, servedRequests } from './correlator-fuzz/run.ts';
import type { Benchmark } from './figure.ts';

/** A million mutated requests, and some through the server; rejects where one breaks the correlator, and says what it took. */
export async function correlatorFuzz(): Promise<Benchmark> {
  const figures = fuzzFigures(await runFuzz(), rounds * requestsInARound);
  return {
    name: 'correlator-fuzz',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; seeds ${seed} to ${seed + rounds}`,
      'OTLP requests mutated field by field: cut short, wrong wire types, huge lengths, zero ids, links to itself, 10,000 spans in one trace',
      'every request that is taken for sound, and every copy, is decoded by another codec',
      `${servedRequests} more go through a gRPC client and the correlator's server, which takes 256 KiB at most`,
      'memory: of one process with the correlator, the mutations and the other codec, with the correlator’s settings of V8',
    ],
    figures,
  };
}
