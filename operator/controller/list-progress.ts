import { configMapKey } from './core/config-map.ts';
import type { ProberPlan } from './core/plan.ts';
import type { Progress } from './core/status.ts';
import type { ConfigMapWriter } from './edge/config-map-writer.ts';

/** How far the lists of peers of a NetworkProber have come. */
export function listProgress(
  { files }: Pick<ProberPlan, 'files'>,
  { isThere, problem }: Pick<ConfigMapWriter, 'isThere' | 'problem'>,
): Pick<Progress, 'pending' | 'foreign' | 'failed'> {
  const keys = [...files].flatMap(([namespace, here]) =>
    here.map(({ name }) => configMapKey({ namespace, name })),
  );
  const problems = keys.flatMap((key) => problem(key) ?? []);
  const of = (kind: 'foreign' | 'failed') =>
    problems.filter((each) => each.kind === kind).map(({ message }) => message);
  return {
    pending: keys.filter((key) => !isThere(key)).map((key) => `ConfigMap ${key}`),
    foreign: of('foreign'),
    failed: of('failed'),
  };
}
