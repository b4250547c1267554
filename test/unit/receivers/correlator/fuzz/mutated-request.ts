import { encode } from './field.ts';
import { mutationNames, mutations } from './mutations.ts';
import { randomRequest } from './random-request.ts';
import { pick, whole, type Random } from './random.ts';

/** One OTLP trace request, mutated once or twice somewhere in its structure so that most of it can still be read. */
export function mutatedRequest(random: Random): Buffer {
  const request = randomRequest(random, random() < 0.0005 ? 10_000 : 1 + whole(random, 6));
  for (let n = 1 + whole(random, 2); n > 0; n--) {
    const done = mutations[pick(random, mutationNames)](request, random);
    if (Buffer.isBuffer(done)) return done;
  }
  return encode(request);
}
