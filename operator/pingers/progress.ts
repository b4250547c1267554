import type { Progress } from '../controller/core/status.ts';
import type { ProberIdentity } from '../network-prober.ts';
import type { DaemonSetKeeper } from './daemon-set-keeper.ts';

/** How far the DaemonSet of a NetworkProber has come. */
export function pingerProgress(
  { uid }: Pick<ProberIdentity, 'uid'>,
  { observed, problem }: Pick<DaemonSetKeeper, 'observed' | 'problem'>,
): Progress {
  const done: Progress = {
    pending: [],
    foreign: [],
    failed: [],
    image: undefined,
    injecting: undefined,
  };
  const set = observed().find(({ proberUid }) => proberUid === uid);
  if (set === undefined) return { ...done, pending: ['the DaemonSet of the pingers'] };
  const failed = problem(set.name);
  if (failed !== undefined) return { ...done, failed: [`DaemonSet ${set.name}: ${failed}`] };
  if (set.ready >= set.desired) return done;
  return {
    ...done,
    pending: [`${set.desired - set.ready} of ${set.desired} pingers of DaemonSet ${set.name}`],
  };
}
