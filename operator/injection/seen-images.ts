import type { NetworkProber } from '../network-prober.ts';
import type { SeenImage } from '../trial/trials.ts';

/** Of a NetworkProber's status: its image was started on trial on every node. */
export const imageCondition = 'ImagePulled';

/** What the status of NetworkProbers says of their images, which every replica can read. */
export function seenByStatus(probers: readonly NetworkProber[]): ReadonlyMap<string, SeenImage> {
  const seen = probers.flatMap((prober) => {
    const { kind, conditions, generation } = prober;
    const condition = conditions.find(({ type }) => type === imageCondition);
    const isOfNow = (condition?.observedGeneration ?? generation) === generation;
    return kind === 'valid' && condition?.status === 'True' && isOfNow
      ? [[prober.spec.agentImage, { everywhere: true, nodes: new Set<string>() }] as const]
      : [];
  });
  return new Map(seen);
}
