import type { Feature } from './components.ts';
import { merge, type Part } from './conditional.ts';
import type { KubeObject, Objects } from './objects.ts';
import type { Render } from './rendering.ts';

/** An object of the chart, in every form that its switches give it. */
export interface JoinedObject {
  readonly key: string;
  readonly object: KubeObject;
  readonly part: Part;
}

/** Joins what manifests/base is without any component, with each, and with each two of them. */
export async function joinObjects(
  render: Render,
  features: readonly Feature[],
): Promise<readonly JoinedObject[]> {
  const base = await render([]);
  const single = await Promise.all(
    features.map(async (each) => [each, await render([each.component])] as const),
  );
  const keys = new Set(
    [base, ...single.map(([, objects]) => objects)].flatMap((each) => [...each.keys()]),
  );
  const joined: JoinedObject[] = [];
  for (const key of [...keys].toSorted()) {
    const inBase = base.get(key);
    const bringers = single.filter(([, objects]) => objects.has(key));
    const bringer = inBase === undefined ? bringers[0] : undefined;
    const object = inBase ?? bringer?.[1].get(key);
    if (object === undefined) continue;
    const variants = bringer === undefined ? single : await pairsWith(bringer[0], features, render);
    const values = new Map(variants.map(([each, objects]) => [each.value, objects.get(key)]));
    const [part, second] = merge(object, values, key);
    if (part === undefined || second !== undefined) throw new Error(`${key} has several forms`);
    const any = bringer === undefined ? [] : bringers.map(([each]) => each.value);
    joined.push({ key, object, part: { ...part, when: { ...part.when, any } } });
  }
  return joined;
}

const pairs = new WeakMap<Feature, Promise<readonly (readonly [Feature, Objects])[]>>();

/** What each other component makes of what `one` gives. */
function pairsWith(
  one: Feature,
  features: readonly Feature[],
  render: Render,
): Promise<readonly (readonly [Feature, Objects])[]> {
  const found = pairs.get(one);
  if (found !== undefined) return found;
  const made = Promise.all(
    features
      .filter((each) => each !== one)
      .map(async (other) => {
        const both = features.filter((each) => each === one || each === other);
        return [other, await render(both.map(({ component }) => component))] as const;
      }),
  );
  pairs.set(one, made);
  return made;
}
