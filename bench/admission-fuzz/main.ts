/** Throws mutated requests at the webhook and prints what came of it, an AdmissionFuzzRun, in JSON. A process of its own, which a request may end. */
import { fuzz, type AdmissionFuzzResult } from '../../test/unit/operator/webhook/fuzz/fuzz.ts';
import { fuzzServer } from '../../test/unit/operator/webhook/fuzz/fuzz-server.ts';
import { requestsInARound, rounds, seed, servedRequests, type AdmissionFuzzRun } from './run.ts';

const results: AdmissionFuzzResult[] = [];
for (let round = 0; round < rounds; round++) {
  console.error(`${round * requestsInARound} of ${rounds * requestsInARound} requests`);
  results.push(fuzz(requestsInARound, seed + round));
}
console.error(`${servedRequests} requests through the server`);
const served = await fuzzServer(servedRequests, seed + rounds);
console.log(JSON.stringify({ rounds: results, served } satisfies AdmissionFuzzRun));
