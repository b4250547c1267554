import { sleep } from '../../receivers/shared/deadline.ts';
import type { EventOutcome } from '../../receivers/shared/kubernetes/event-object.ts';
import { createEventSender } from '../../receivers/shared/kubernetes/event-sender.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../receivers/shared/log.ts';
import type { WallClock } from '../../receivers/shared/wall-clock.ts';
import { type NetworkProber } from '../network-prober.ts';
import { configMapKey } from './core/config-map.ts';
import { eventOf, type Reporter } from './core/events.ts';
import { plan, type ProberPlan } from './core/plan.ts';
import type { StatusOutcome, TouchOutcome, WriteOutcome } from './core/outcomes.ts';
import { statusOf, statusOfInvalid, type Progress } from './core/status.ts';
import { reachesBeyond, wantedConfigMaps } from './core/wanted.ts';
import type { WriteBounds } from './core/write-queue.ts';
import { watchCluster } from './edge/cluster-watch.ts';
import { createConfigMapWriter } from './edge/config-map-writer.ts';
import { createFinalizers } from './edge/finalizers.ts';
import { createPodToucher } from './edge/pod-toucher.ts';
import { createStatusWriter } from './edge/status-writer.ts';

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly reporter: Reporter;
  /** The operator's. */
  readonly ownNamespace: string;
  readonly writes: WriteBounds;
  readonly touchesPerSecond: number;
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
}

/** One term of a leader. */
export interface Controller {
  readonly state: () => ControllerState;
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
  const { client, clock, log, reporter, ownNamespace, nowMs } = options;
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

  function look(): void {
    if (cluster.unlisted() !== undefined) return;
    const beginMs = performance.now();
    const namespaces = cluster.namespaces();
    probers = cluster.probers();
    plans = plan({
      selections: cluster.selections(),
      namespaces: new Map(Array.from(namespaces.values(), ({ name, labels }) => [name, labels])),
      ownNamespace,
    });
    const { wanted, unwanted, unfinalized } = wantedConfigMaps({
      plans,
      probers,
      lasting: (name) => namespaces.get(name)?.ends === false,
      observed: cluster.configMaps(),
      unusedSince,
      nowMs: beginMs,
    });
    writer.want(wanted, unwanted);
    for (const prober of unfinalized) finalizers.set(prober, true);
    for (const prober of probers)
      if (prober.deleted && !reachesBeyond(prober, cluster.configMaps()))
        finalizers.set(prober, false);
    statuses.want([
      ...plans.map((each) => ({ prober: each.prober, status: statusOf(each, progressOf(each)) })),
      ...probers
        .filter((each) => each.kind === 'invalid')
        .filter(({ deleted }) => !deleted)
        .map((prober) => ({ prober, status: statusOfInvalid(prober) })),
    ]);
    planningS = (performance.now() - beginMs) / 1000;
  }

  function progressOf({ files }: ProberPlan): Progress {
    const keys = [...files].flatMap(([namespace, here]) =>
      here.map(({ name }) => configMapKey({ namespace, name })),
    );
    const problems = keys.flatMap((key) => writer.problem(key) ?? []);
    const of = (kind: 'foreign' | 'failed') =>
      problems.filter((each) => each.kind === kind).map(({ message }) => message);
    return {
      pending: keys.filter((key) => !writer.isThere(key)).map((key) => `ConfigMap ${key}`),
      foreign: of('foreign'),
      failed: of('failed'),
      image: undefined,
    };
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
      unlisted: cluster.unlisted(),
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
    }),
    ended: run(),
  };
}
