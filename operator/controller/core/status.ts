import type { Condition, NetworkProber } from '../../network-prober.ts';
import type { MissedPod, MissedReason, ProberPlan } from './plan.ts';

/** Names that are told of very many. */
export const mostPods = 1000;
export const mostMissed = 100;

/** A condition before anybody knows since when. */
export type Judgement = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

/** The status of a NetworkProber, but for the times of its conditions. */
export interface ProberStatus {
  readonly pods: readonly string[];
  readonly observedGeneration: number;
  readonly selected: number;
  readonly measured: number;
  readonly missed: number;
  readonly missedPods: readonly MissedPod[];
  readonly conditions: readonly Judgement[];
}

/** How far what was planned has come. */
export interface Progress {
  /** ConfigMaps, and what else there is to be, that were never made. */
  readonly pending: readonly string[];
  /** ConfigMaps that are somebody else's, in words. */
  readonly foreign: readonly string[];
  /** What could not be written, in words. */
  readonly failed: readonly string[];
  /** Of the image; undefined: it is not tried. */
  readonly image: Judgement | undefined;
  /** Of new pods; undefined: none gets a sidecar. */
  readonly injecting: Judgement | undefined;
}

interface Flaw {
  readonly reason: string;
  readonly message: string;
  /** Some pods that are to be measured have no list of peers. */
  readonly hinders: boolean;
}

/** Nobody needs to do anything about these. */
const deliberate: ReadonlySet<MissedReason> = new Set([
  'opted-out',
  'mirror-pod',
  'system-namespace',
  'own-namespace',
]);

/** What is said of a NetworkProber that could be read. */
export function statusOf(plan: ProberPlan, progress: Progress): ProberStatus {
  const { prober, peers, missed, selected } = plan;
  const flaws = flawsOf(plan, progress);
  return {
    pods: peers.slice(0, mostPods).map(({ key }) => key),
    observedGeneration: prober.generation,
    selected,
    measured: peers.length,
    missed: missed.length,
    missedPods: missed.slice(0, mostMissed),
    conditions: [
      readiness(plan, progress, flaws),
      degradation(flaws),
      ...[progress.image, progress.injecting].filter((each) => each !== undefined),
    ],
  };
}

/** What is said of one that breaks a rule, because it is older than the rule. */
export function statusOfInvalid({
  generation,
  problems,
}: Extract<NetworkProber, { kind: 'invalid' }>): ProberStatus {
  const said = { reason: 'Invalid', message: problems };
  return {
    pods: [],
    observedGeneration: generation,
    selected: 0,
    measured: 0,
    missed: 0,
    missedPods: [],
    conditions: [
      { type: 'Ready', status: 'False', ...said },
      { type: 'Degraded', status: 'True', ...said },
    ],
  };
}

function readiness(
  { peers, selected }: ProberPlan,
  { pending }: Progress,
  flaws: readonly Flaw[],
): Judgement {
  const type = 'Ready';
  const worst = flaws.find(({ hinders }) => hinders);
  if (worst !== undefined)
    return { type, status: 'False', reason: worst.reason, message: worst.message };
  if (pending.length > 0)
    return { type, status: 'False', reason: 'Pending', message: `not made yet: ${some(pending)}` };
  if (selected === 0)
    return { type, status: 'True', reason: 'NoPods', message: 'the selectors match no pod' };
  const message = `${count(peers.length, 'pod')} of ${selected} measured`;
  return { type, status: 'True', reason: 'Measuring', message };
}

function degradation(flaws: readonly Flaw[]): Judgement {
  const [first] = flaws;
  const type = 'Degraded';
  if (first === undefined)
    return { type, status: 'False', reason: 'AsAsked', message: 'all is as it was asked for' };
  const message = flaws.map((each) => each.message).join('; ');
  return { type, status: 'True', reason: first.reason, message };
}

/** All that is wrong, the worst first. */
function flawsOf(plan: ProberPlan, progress: Progress): readonly Flaw[] {
  const { prober, peers, missed, others, taken } = plan;
  const { foreign, failed, image, injecting } = progress;
  const holders = [...taken].map(
    ([namespace, holder]) =>
      `in namespace ${namespace} NetworkProber ${holder} of the same name has the ConfigMap`,
  );
  const unmeant = missed.filter(({ reason }) => !deliberate.has(reason));
  const { maxPeers } = prober.spec.topology;
  return [
    ...flaw('NameTaken', [...foreign, ...holders], true),
    ...flaw('WriteFailed', failed, true),
    ...(image?.status === 'False' ? flaw('ImageNotPulled', [image.message], false) : []),
    ...(injecting?.reason === 'NotRegistered'
      ? flaw('NotRegistered', [`no sidecars: ${injecting.message}`], false)
      : []),
    ...flaw('PodsMissed', unmeant.length === 0 ? [] : [missedText(unmeant)], false),
    ...flaw(
      'PodsOfAnother',
      [...others].map(
        ([whose, many]) =>
          `${count(many, 'pod')} ${many === 1 ? 'belongs' : 'belong'} to NetworkProber ${whose === '' ? 'of another name' : whose}`,
      ),
      false,
    ),
    ...flaw(
      'PeersLimited',
      peers.length > maxPeers
        ? [`each agent asks ${maxPeers} of ${peers.length} pods, by topology.maxPeers`]
        : [],
      false,
    ),
  ];
}

function flaw(reason: string, messages: readonly string[], hinders: boolean): readonly Flaw[] {
  return messages.length === 0 ? [] : [{ reason, message: some(messages), hinders }];
}

function missedText(missed: readonly MissedPod[]): string {
  const reasons = [...Map.groupBy(missed, ({ reason }) => reason)].map(
    ([reason, pods]) => `${reason} ${pods.length}`,
  );
  return `${count(missed.length, 'pod')} without a sidecar: ${reasons.toSorted().join(', ')}; those that may have one get it when they are created anew`;
}

const mostNamed = 5;

function some(texts: readonly string[]): string {
  const more = texts.length - mostNamed;
  const named = texts.slice(0, mostNamed).join('; ');
  return more > 0 ? `${named}; and ${more} more` : named;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

/** Conditions as they are written: since when each is what it is, from what was written before. */
export function timed(
  judgements: readonly Judgement[],
  before: readonly Condition[],
  { now, generation }: { readonly now: string; readonly generation: number },
): readonly Condition[] {
  return judgements.map((judgement) => {
    const known = before.find(({ type }) => type === judgement.type);
    const since = known?.status === judgement.status ? known.lastTransitionTime : now;
    return { ...judgement, lastTransitionTime: since, observedGeneration: generation };
  });
}
