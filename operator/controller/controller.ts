import { sleep } from '../../receivers/shared/deadline.ts';
import type { EventOutcome } from '../../receivers/shared/kubernetes/event-object.ts';
import { createEventSender } from '../../receivers/shared/kubernetes/event-sender.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../receivers/shared/log.ts';
import type { WallClock } from '../../receivers/shared/wall-clock.ts';
import { type NetworkProber, type ValidProber } from '../network-prober.ts';
import { eventOf, type Reporter } from './core/events.ts';
import { plan, type ProberPlan } from './core/plan.ts';
import type { StatusOutcome, TouchOutcome, WriteOutcome } from './core/outcomes.ts';
import { statusOf, statusOfInvalid, type Judgement, type Progress } from './core/status.ts';
import { reachesBeyond, wantedConfigMaps } from './core/wanted.ts';
import type { WriteBounds } from './core/write-queue.ts';
import { keepDaemonSets } from '../pingers/daemon-set-keeper.ts';
import { pingerProgress } from '../pingers/progress.ts';
import { wantedSets } from '../pingers/wanted-sets.ts';
import { startTrials } from '../trial/trial-runner.ts';
import type { Surroundings } from '../injection/decision.ts';
import type { SeenImage } from '../trial/trials.ts';
import { injects } from './core/ownership.ts';
import { watchCluster } from './edge/cluster-watch.ts';
import { createConfigMapWriter } from './edge/config-map-writer.ts';
import { createFinalizers } from './edge/finalizers.ts';
import { createPodToucher } from './edge/pod-toucher.ts';
import { listProgress } from './list-progress.ts';
import { createStatusWriter } from './edge/status-writer.ts';

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly reporter: Reporter;
  /** By which it is decided who gets a sidecar. */
  readonly surroundings: () => Surroundings;
  /** Whether new pods get the sidecar of a NetworkProber that wants some. */
  readonly injecting: (prober: ValidProber) => Judgement;
  readonly writes: WriteBounds;
  readonly touchesPerSecond: number;
  /** Images are tried on every node before pods get them. */
  readonly tryImages: boolean;
  /** As which the pingers of mode daemonset run. */
  readonly pingerAccount: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** What a controller tells of itself. */
export interface ControllerState {
  /** What is not listed yet; undefined: everything is. */
  readonly unlisted: string | undefined;
  readonly probers: Readonly<Record<'valid' | 'invalid' | 'deleted', number>>;
  readonly selected: number;
  readonly measured: number;
  readonly missed: number;
  readonly remembered: number;
  readonly writes: ReadonlyMap<WriteOutcome, number>;
  readonly writtenBytes: number;
  readonly waiting: number;
  readonly waitingS: number;
  readonly touches: ReadonlyMap<TouchOutcome, number>;
  readonly touchesWaiting: number;
  readonly statuses: ReadonlyMap<StatusOutcome, number>;
  readonly events: ReadonlyMap<EventOutcome, number>;
  readonly planningS: number;
  /** By image, where images are tried. */
  readonly seenImages: ReadonlyMap<string, SeenImage>;
}

/** One term of a leader. */
export interface Controller {
  readonly state: () => ControllerState;
  /** Something that it does not watch has changed. */
  readonly lookAgain: () => void;
  /** Resolves after its signal, when nothing is under way any more. */
  readonly ended: Promise<void>;
}

/** Changes that come together are one: a rollout, a list of many pods. */
const gatherMs = 300;
/** What depends on time alone is looked at so often. */
const lookMs = 30_000;
const statusBounds: WriteBounds = {
  everyMs: 2000,
  writesPerSecond: 5,
  bytesPerSecond: 256 * 1024,
  stockBytes: 2 * 1024 * 1024,
};

/** Brings the cluster to what its NetworkProbers ask for, until the signal ends. Begins at once. */
export function startController(options: ControllerOptions, signal: AbortSignal): Controller {
  const { client, clock, log, reporter, surroundings, nowMs } = options;
  const { ownNamespace } = surroundings();
  const common = { client, log, signal };
  const unusedSince = new Map<string, number>();
  let plans: readonly ProberPlan[] = [];
  let probers: readonly NetworkProber[] = [];
  let planningS = 0;
  let bell = new AbortController();
  const changed = (): void => bell.abort();
  signal.addEventListener('abort', changed, { once: true });

  const events = createEventSender({ ...common, nowMs, steadyMs: () => performance.now() });
  const toucher = createPodToucher({ ...common, perSecond: options.touchesPerSecond });
  const finalizers = createFinalizers(common);
  const cluster = watchCluster({ ...common, clock, onChange: changed });
  const inOwn = { ...common, clock, namespace: ownNamespace, onChange: changed };
  const pingers = keepDaemonSets(inOwn);
  const trials = options.tryImages ? startTrials(inOwn) : undefined;
  const writer = createConfigMapWriter({
    ...common,
    bounds: options.writes,
    observed: cluster.configMaps,
    onWritten: ({ prober, namespace, hash }) => {
      const own = plans.find((each) => each.prober.uid === prober.uid);
      toucher.touch(own?.readers.get(namespace) ?? [], hash);
    },
    onOutcome: changed,
  });
  const statuses = createStatusWriter({
    ...common,
    bounds: statusBounds,
    nowMs,
    onChange: (prober, before, now) => {
      const event = eventOf({ prober, before, now }, reporter, nowMs());
      if (event !== undefined) events.tell(() => event);
    },
  });

  const unlisted = (): string | undefined =>
    cluster.unlisted() ?? (pingers.listed() ? undefined : 'DaemonSets');

  function look(): void {
    if (unlisted() !== undefined) return;
    const beginMs = performance.now();
    const found = cluster.namespaces();
    const namespaces = new Map(Array.from(found.values(), ({ name, labels }) => [name, labels]));
    probers = cluster.probers();
    plans = plan({
      selections: cluster.selections(),
      namespaces,
      surroundings: surroundings(),
    });
    const { wanted, unwanted, unfinalized } = wantedConfigMaps({
      plans,
      probers,
      lasting: (name) => found.get(name)?.ends === false,
      observed: cluster.configMaps(),
      unusedSince,
      nowMs: beginMs,
    });
    writer.want(wanted, unwanted);
    trials?.want(
      new Set(
        plans
          .map((each) => each.prober)
          .filter(injects)
          .map(imageOf),
      ),
    );
    const sets = wantedSets({
      probers,
      namespaces,
      observed: pingers.observed(),
      namespace: ownNamespace,
      serviceAccount: options.pingerAccount,
    });
    pingers.want(sets.wanted);
    for (const prober of [...unfinalized, ...sets.unfinalized]) finalizers.set(prober, true);
    for (const prober of probers)
      if (prober.deleted && !hasLeftovers(prober)) finalizers.set(prober, false);
    statuses.want([
      ...plans.map((each) => ({ prober: each.prober, status: statusOf(each, progressOf(each)) })),
      ...probers
        .filter((each) => each.kind === 'invalid')
        .filter(({ deleted }) => !deleted)
        .map((prober) => ({ prober, status: statusOfInvalid(prober) })),
    ]);
    planningS = (performance.now() - beginMs) / 1000;
  }

  function hasLeftovers(prober: NetworkProber): boolean {
    return (
      reachesBeyond(prober, cluster.configMaps()) ||
      pingers.observed().some(({ proberUid }) => proberUid === prober.uid)
    );
  }

  function progressOf(each: ProberPlan): Progress {
    const { prober } = each;
    if (prober.spec.mode === 'daemonset') return pingerProgress(prober, pingers);
    const lists = listProgress(each, writer);
    if (!injects(prober)) return { ...lists, image: undefined, injecting: undefined };
    const image = trials?.judgement(imageOf(prober));
    return { ...lists, image, injecting: options.injecting(prober) };
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      bell = new AbortController();
      look();
      await sleep(lookMs, bell.signal);
      await sleep(gatherMs, signal);
    }
    await Promise.all([
      cluster.ended(),
      pingers.ended,
      trials?.ended,
      writer.ended,
      statuses.ended,
      toucher.ended,
      finalizers.settled(),
      events.settled(),
    ]);
  }

  const sum = (of: (each: ProberPlan) => number): number =>
    plans.reduce((total, each) => total + of(each), 0);
  return {
    state: () => ({
      unlisted: unlisted(),
      probers: {
        valid: probers.filter(({ kind, deleted }) => kind === 'valid' && !deleted).length,
        invalid: probers.filter(({ kind, deleted }) => kind === 'invalid' && !deleted).length,
        deleted: probers.filter(({ deleted }) => deleted).length,
      },
      selected: sum(({ selected }) => selected),
      measured: sum(({ peers }) => peers.length),
      missed: sum(({ missed }) => missed.length),
      remembered: cluster.pods(),
      writes: writer.outcomes(),
      writtenBytes: writer.writtenBytes(),
      waiting: writer.waiting(),
      waitingS: writer.oldestMs() / 1000,
      touches: toucher.outcomes(),
      touchesWaiting: toucher.waiting(),
      statuses: statuses.outcomes(),
      events: events.outcomes(),
      planningS,
      seenImages: trials?.seen() ?? new Map(),
    }),
    lookAgain: changed,
    ended: run(),
  };
}

function imageOf({ spec }: ValidProber): string {
  return spec.agentImage;
}
