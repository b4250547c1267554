import { z } from 'zod';
import { seen, type Seen } from '../facts.ts';
import { ask, type Asker } from './ask.ts';

const flagzSchema = z.object({ flags: z.record(z.string(), z.string()) });

/** Kubernetes 1.34 and before tell their flags as text only, which promises no format; it is not read. */
const accept = ['v1beta1', 'v1alpha1']
  .map((version) => `application/json;v=${version};g=config.k8s.io;as=Flagz`)
  .join(', ');

/** The flags that the API server tells of itself, where it does so and we may ask. */
export async function readFlagz(asker: Asker): Promise<Seen<ReadonlyMap<string, string>>> {
  const headers = { Accept: accept };
  const flagz = await ask(asker, { verb: 'get', path: '/flagz', headers }, flagzSchema);
  return flagz.kind === 'seen' ? seen(new Map(Object.entries(flagz.value.flags))) : flagz;
}
