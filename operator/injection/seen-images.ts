import type { NetworkProber, ValidProber } from '../network-prober.ts';
import type { SeenImage } from '../trial/trials.ts';

/** Of a NetworkProber's status: its image was started on trial on every node. */
const imageCondition = 'ImagePulled';

/** Of images that nobody tries. */
export function everywhere(probers: readonly NetworkProber[]): ReadonlyMap<string, SeenImage> {
  return new Map(probers.flatMap((each) => (each.kind === 'valid' ? [entryOf(each)] : [])));
}

/** What the status of NetworkProbers says of their images, which every replica can read. */
export function seenByStatus(probers: readonly NetworkProber[]): ReadonlyMap<string, SeenImage> {
  const seen = probers.flatMap((prober) => {
    const { kind, conditions, generation } = prober;
    const condition = conditions.find(({ type }) => type === imageCondition);
    const isOfNow = (condition?.observedGeneration ?? generation) === generation;
    return kind === 'valid' && condition?.status === 'True' && isOfNow ? [entryOf(prober)] : [];
  });
  return new Map(seen);
}

function entryOf({ spec }: ValidProber): readonly [string, SeenImage] {
  return [spec.agentImage, { everywhere: true, nodes: new Set() }];
}
