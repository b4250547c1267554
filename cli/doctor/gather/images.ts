import { z } from 'zod';
import { seen, type Seen } from '../facts.ts';
import { ask, type Asker } from './ask.ts';
import { selector } from './deployed.ts';
import { tagOf } from './static-pods.ts';

const podsSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string().optional() })) }),
    }),
  ),
});

/** Tags of the images that the pods of kube-latency run, by repository; those that are named by digest alone are left out. */
export async function readImages(
  asker: Asker,
): Promise<Seen<ReadonlyMap<string, ReadonlySet<string>>>> {
  const pods = await ask(
    asker,
    { verb: 'list', path: '/api/v1/pods', query: selector },
    podsSchema,
  );
  if (pods.kind === 'hidden') return pods;
  const images = new Map<string, Set<string>>();
  for (const { image = '' } of pods.value.items.flatMap(({ spec }) => spec.containers)) {
    const tag = tagOf(image);
    if (tag === null) continue;
    const repository = image.slice(0, image.lastIndexOf(`:${tag}`));
    images.set(repository, (images.get(repository) ?? new Set()).add(tag));
  }
  return seen(images);
}
