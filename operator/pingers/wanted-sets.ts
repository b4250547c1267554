import type { Labels } from '../label-selector.ts';
import {
  finalizer,
  type NetworkProber,
  type ProberIdentity,
  type ValidProber,
} from '../network-prober.ts';
import {
  wantedDaemonSet,
  type DaemonSetFacts,
  type DaemonSetInput,
  type WantedDaemonSet,
} from './daemon-set.ts';

export interface WantedSetsInput extends Omit<DaemonSetInput, 'prober'> {
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** All, those that cannot be read and those that are being deleted too. */
  readonly probers: readonly NetworkProber[];
  readonly observed: readonly DaemonSetFacts[];
}

export interface WantedSets {
  readonly wanted: readonly WantedDaemonSet[];
  /** NetworkProbers that need the finalizer before their DaemonSet is made. */
  readonly unfinalized: readonly ProberIdentity[];
}

/** The DaemonSets that there are to be. Those of NetworkProbers that cannot be read stay as they are. */
export function wantedSets({ probers, observed, ...place }: WantedSetsInput): WantedSets {
  const lasting = probers.filter(({ deleted }) => !deleted);
  const wanting = lasting.filter(
    (each): each is ValidProber => each.kind === 'valid' && each.spec.mode === 'daemonset',
  );
  const [ready, unfinalized] = [true, false].map((has) =>
    wanting.filter(({ finalizers }) => finalizers.includes(finalizer) === has),
  ) as [ValidProber[], ValidProber[]];
  const unreadable = new Set(
    lasting.filter(({ kind }) => kind === 'invalid').map(({ uid }) => uid),
  );
  const kept = observed
    .filter(({ proberUid }) => unreadable.has(proberUid))
    .map(({ name, hash }) => ({ name, hash, object: {} }));
  return {
    wanted: [...ready.map((prober) => wantedDaemonSet({ ...place, prober })), ...kept],
    unfinalized,
  };
}
