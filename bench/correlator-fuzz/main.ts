/**
 * Throws mutated requests at the correlator and prints what came of it, a FuzzRun, in JSON. A process of its own, to have
 * the settings of V8 that the correlator has in a cluster.
 */
import { fuzz, type FuzzResult } from '../../test/unit/receivers/correlator/fuzz/fuzz.ts';
import { fuzzServer } from '../../test/unit/receivers/correlator/fuzz/fuzz-server.ts';
import { requestsInARound, rounds, seed, servedRequests, type FuzzRun } from './run.ts';

const results: FuzzResult[] = [];
for (let round = 0; round < rounds; round++) {
  console.error(`${round * requestsInARound} of ${rounds * requestsInARound} requests`);
  results.push(fuzz(requestsInARound, seed + round));
  await new Promise(setImmediate);
}
console.error(`${servedRequests} requests through the server`);
const served = await fuzzServer(servedRequests, seed + rounds);
const mostRssBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ rounds: results, served, mostRssBytes } satisfies FuzzRun));
