import type { Judgement } from '../controller/core/status.ts';
import type { NodeFacts } from './node-facts.ts';
import type { Trial, TrialPod } from './trial-pod.ts';

/** Trials at once. */
const atOnce = 10;
/** A program that still runs then is one that a pod need not wait for. */
const soundMs = 2000;
/** Pulling takes no longer. */
const patienceMs = 120_000;
/** After one that failed. */
const againMs = 60_000;
/** A kubelet may have removed an image by then. */
const renewMs = 24 * 3_600_000;
/** A new node has so long to be tried before an image counts as not seen there. */
const graceMs = 30_000;

/** What came of a trial. */
interface Result {
  /** skipped: the node did not take the trial. */
  readonly kind: 'sound' | 'failed' | 'skipped';
  readonly message: string;
  readonly atMs: number;
}

/** What is known of one image; kept from one look to the next. */
interface Known {
  /** By the node's uid. */
  readonly results: Map<string, Result>;
  /** Since when a node has waited for its first result. */
  readonly since: Map<string, number>;
  wasEverywhere: boolean;
}

/** Where an image was pulled and started, on trial. */
export interface SeenImage {
  /** On every node that pods may come to run on. */
  readonly everywhere: boolean;
  /** Names. */
  readonly nodes: ReadonlySet<string>;
}

export interface TrialsInput {
  readonly images: ReadonlySet<string>;
  readonly nodes: readonly NodeFacts[];
  readonly pods: readonly TrialPod[];
  /** By the monotonic clock. */
  readonly nowMs: number;
}

export interface TrialsStep {
  readonly create: readonly Trial[];
  /** Names of pods. */
  readonly remove: readonly string[];
  readonly seen: ReadonlyMap<string, SeenImage & { readonly judgement: Judgement }>;
  /** When something is to be done that nothing tells; undefined: never. */
  readonly againMs: number | undefined;
}

/** Tries images on nodes, before pods get them. */
export interface Trials {
  readonly step: (input: TrialsInput) => TrialsStep;
}

export function createTrials(): Trials {
  const known = new Map<string, Known>();
  /** By the pod's name. */
  const sights = new Map<string, { readonly sinceMs: number; runsSinceMs: number | undefined }>();

  function ofImage(image: string): Known {
    const found = known.get(image);
    if (found !== undefined) return found;
    const made: Known = { results: new Map(), since: new Map(), wasEverywhere: false };
    known.set(image, made);
    return made;
  }

  /** Undefined: there is no result yet. Clocks of nodes are not trusted: what counts is when it was seen here. */
  function resultOf({ name, state }: TrialPod, nowMs: number): Result | undefined {
    if (state.kind === 'refused') return { kind: 'skipped', message: '', atMs: nowMs };
    if (state.kind === 'failed') return { kind: 'failed', message: state.message, atMs: nowMs };
    const sight = sights.get(name) ?? { sinceMs: nowMs, runsSinceMs: undefined };
    sights.set(name, sight);
    if (state.kind === 'runs') {
      sight.runsSinceMs ??= nowMs;
      const isSound = nowMs - sight.runsSinceMs >= soundMs;
      return isSound ? { kind: 'sound', message: '', atMs: nowMs } : undefined;
    }
    const message = `not started within ${patienceMs / 1000} s (${state.message})`;
    const isLate = nowMs - sight.sinceMs >= patienceMs;
    return isLate ? { kind: 'failed', message, atMs: nowMs } : undefined;
  }

  function forget({ images, nodes, pods }: TrialsInput): void {
    const names = new Set(pods.map(({ name }) => name));
    for (const name of sights.keys()) if (!names.has(name)) sights.delete(name);
    const uids = new Set(nodes.map(({ uid }) => uid));
    for (const [image, { results, since }] of known) {
      if (!images.has(image)) known.delete(image);
      for (const map of [results, since])
        for (const uid of map.keys()) if (!uids.has(uid)) map.delete(uid);
    }
  }

  function isDue(result: Result | undefined, nowMs: number): boolean {
    if (result === undefined) return true;
    return nowMs - result.atMs >= (result.kind === 'sound' ? renewMs : againMs);
  }

  function judge(image: string, { nodes, nowMs }: TrialsInput) {
    const one = ofImage(image);
    const { results, since } = one;
    for (const { uid } of nodes) {
      if (results.has(uid)) since.delete(uid);
      else if (!since.has(uid)) since.set(uid, nowMs);
    }
    const asked = nodes.filter(({ uid }) => results.get(uid)?.kind !== 'skipped');
    const failed = nodes.filter(({ uid }) => results.get(uid)?.kind === 'failed');
    const sound = nodes.filter(({ uid }) => results.get(uid)?.kind === 'sound');
    const late = [...since.values()].some((sinceMs) => nowMs - sinceMs >= graceMs);
    const isWhole = sound.length === asked.length && asked.length > 0;
    const mayBe = one.wasEverywhere && failed.length === 0 && sound.length > 0 && !late;
    one.wasEverywhere = isWhole || mayBe;
    const judgement = judgementOf(
      { image, failed, sound, nodes, everywhere: one.wasEverywhere },
      results,
    );
    return {
      everywhere: one.wasEverywhere,
      nodes: new Set(sound.map(({ name }) => name)),
      judgement,
    };
  }

  return {
    step: (input) => {
      const { images, nodes, pods, nowMs } = input;
      forget(input);
      const remove: string[] = [];
      const running = new Set<string>();
      for (const pod of pods) {
        const isWanted = images.has(pod.image) && nodes.some(({ uid }) => uid === pod.nodeUid);
        const result = isWanted ? resultOf(pod, nowMs) : undefined;
        if (result !== undefined) ofImage(pod.image).results.set(pod.nodeUid, result);
        if (result !== undefined || !isWanted) remove.push(pod.name);
        running.add(`${pod.image}|${pod.nodeUid}`);
      }
      const due = [...images].flatMap((image) =>
        nodes
          .filter(({ uid }) => isDue(ofImage(image).results.get(uid), nowMs))
          .map((node) => ({ image, node }))
          .filter(({ node }) => !running.has(`${image}|${node.uid}`)),
      );
      const create = due.slice(0, Math.max(0, atOnce - pods.length));
      const seen = new Map(Array.from(images, (image) => [image, judge(image, input)]));
      const waits = pods.length > 0 || due.length > 0;
      return { create, remove, seen, againMs: waits ? nowMs + soundMs : undefined };
    },
  };
}

const mostNamed = 3;

function judgementOf(
  found: {
    readonly image: string;
    readonly failed: readonly NodeFacts[];
    readonly sound: readonly NodeFacts[];
    readonly nodes: readonly NodeFacts[];
    readonly everywhere: boolean;
  },
  results: ReadonlyMap<string, Result>,
): Judgement {
  const { image, failed, sound, nodes, everywhere } = found;
  const type = 'ImagePulled';
  if (failed.length > 0) {
    const named = failed
      .slice(0, mostNamed)
      .map(({ name, uid }) => `on node ${name}: ${results.get(uid)?.message ?? ''}`);
    const more = failed.length > mostNamed ? `; and on ${failed.length - mostNamed} more` : '';
    const message = `image ${image} could not be run ${named.join('; ')}${more}`;
    return { type, status: 'False', reason: 'NotRun', message };
  }
  const message = `image ${image} was tried on ${sound.length} of ${nodes.length} nodes`;
  return everywhere
    ? { type, status: 'True', reason: 'Run', message }
    : { type, status: 'Unknown', reason: 'Trying', message };
}
