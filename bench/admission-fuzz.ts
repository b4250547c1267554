import { cpus } from 'node:os';
import { admissionFigures } from './admission-fuzz/figures.ts';
import { requestsInARound, rounds, runFuzz, seed, servedRequests } from './admission-fuzz/run.ts';
import type { Benchmark } from './figure.ts';

/** A million mutated requests about new pods, and some through the webhook's server; rejects where one ends the process. */
export async function admissionFuzz(): Promise<Benchmark> {
  const requests = rounds * requestsInARound;
  return {
    name: 'admission-fuzz',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; seeds ${seed} to ${seed + rounds}`,
      'AdmissionReviews about pods of many shapes, changed value by value and as text: other types, missing, repeated and unexpected fields, names that mean something to JavaScript, many levels, cut short',
      'each answer is read as the API server reads it; each patch is applied by another library, and the pod decided about once more',
      `${servedRequests} more go through TLS to the webhook's server, 8 at once, one in 500 longer than it reads`,
    ],
    figures: admissionFigures(await runFuzz(), { requests, served: servedRequests }),
  };
}
