import type { Finding, Piece } from './cause.ts';
import type { Stretch } from '../../receivers/shared/critical-path.ts';
import type { ContainerSight } from './evidence.ts';
import type { Known } from './measured.ts';
import { containerOf, errorsOf, hasFailed, imageOf, pluginFailed } from './runtime-finding.ts';
import { componentOf, requestOf, runtimeCallOf } from './span-role.ts';
import { withDescendants, type Work } from './work.ts';

/** Time in which nothing that made a span was under way, and what it was by everything else in the trace. */
export function gapPieces(gap: Stretch<Work>, known: Known): Piece[] {
  const { startUp, evidence } = known;
  const untraced = !hasNodeSpans(known);
  const cuts = [
    startUp.createdNs,
    startUp.scheduledNs,
    startUp.startedNs,
    ...(untraced ? evidence.sights.map(({ atNs }) => atNs) : []),
    ...(untraced ? evidence.notes.map(({ atNs }) => atNs) : []),
  ]
    .filter((atNs) => atNs !== null && atNs > gap.fromNs && atNs < gap.toNs)
    .toSorted((a, b) => (Number(a) < Number(b) ? -1 : 1)) as bigint[];
  const ends = [...new Set([...cuts, gap.toNs])];
  return ends.map((toNs, index) => {
    const fromNs = ends[index - 1] ?? gap.fromNs;
    return { ...gapFinding(fromNs, toNs, known), fromNs, toNs, spanId: null };
  });
}

function hasNodeSpans({ startUp }: Known): boolean {
  return startUp.works.some(({ span }) => ['kubelet', 'runtime'].includes(componentOf(span)));
}

type Guess = Pick<Finding, 'cause' | 'component' | 'what'> & Partial<Finding>;

function inferred(guess: Guess): Finding {
  return { subject: '', node: null, certainty: 'inferred', evidence: [], ...guess };
}

const untracedNode = 'the trace holds no spans of the kubelet and the container runtime';

/** Named after its neighbours later. */
const unaccounted: Finding = {
  cause: 'unaccounted',
  component: '',
  what: '',
  subject: '',
  node: null,
  certainty: 'none',
  evidence: [],
};

function gapFinding(fromNs: bigint, toNs: bigint, known: Known): Finding {
  const { startUp } = known;
  const { createdNs, scheduledNs, startedNs } = startUp;
  if (fromNs < createdNs) return unaccounted;
  if (scheduledNs === null || fromNs < scheduledNs) return schedulingGap(known);
  if (startedNs === null || fromNs < startedNs) return startGap(fromNs, toNs, known);
  return readyGap(fromNs, toNs, known);
}

function schedulingGap({ evidence }: Known): Finding {
  const { unschedulable } = evidence;
  const what = unschedulable.length > 0 ? 'finds no node that fits' : 'chooses a node';
  return inferred({
    cause: 'scheduling',
    component: 'kube-scheduler',
    what,
    evidence: unschedulable,
  });
}

function startGap(fromNs: bigint, toNs: bigint, known: Known): Finding {
  const { node } = known.startUp.pod;
  const found =
    troubleGap(fromNs, toNs, known) ??
    (hasNodeSpans(known) ? afterCall(fromNs, known) : byNotes(fromNs, known));
  if (found !== undefined) return { ...found, node };
  return hasNodeSpans(known) ? unaccounted : { ...unaccounted, evidence: [untracedNode] };
}

const imageTrouble = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'InvalidImageName',
]);
const configTrouble = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** What the status of a container said was wrong, told within the gap or before it and not taken back by its begin. */
function currentSights(fromNs: bigint, toNs: bigint, known: Known): ContainerSight[] {
  const latest = new Map<string, ContainerSight>();
  for (const sight of known.evidence.sights) {
    const before = latest.get(sight.container);
    const settled = before !== undefined && isTrouble(before) && sight.atNs > fromNs;
    if (sight.atNs < toNs && !settled) latest.set(sight.container, sight);
  }
  return [...latest.values()].filter(isTrouble);
}

function isTrouble({ state, reason, init }: ContainerSight): boolean {
  if (state === 'terminated') return !init || reason !== 'Completed';
  return imageTrouble.has(reason) || configTrouble.has(reason) || reason === 'CrashLoopBackOff';
}

function troubleGap(fromNs: bigint, toNs: bigint, known: Known): Finding | undefined {
  const sight = currentSights(fromNs, toNs, known).at(-1);
  if (sight === undefined) return undefined;
  const { container, reason, message } = sight;
  const evidence = [[reason, message].filter((each) => each !== '').join(': ')];
  if (imageTrouble.has(reason)) {
    const image = /image "([^"]+)"/.exec(message)?.[1] ?? pulledImage(known);
    const what = `waits for the image ${image === '' ? `of container ${container}` : image}`;
    return inferred({ cause: 'image', component: 'kubelet', what, subject: image, evidence });
  }
  const subject = container;
  if (configTrouble.has(reason)) {
    const what = `cannot make container ${container} (${reason})`;
    return inferred({ cause: 'container-config', component: 'kubelet', what, subject, evidence });
  }
  const what = `container ${container} ended and waits to be started again`;
  return inferred({ cause: 'crash', component: 'kubelet', what, subject, evidence });
}

function pulledImage({ startUp }: Known): string {
  for (const work of withDescendants(startUp.works)) {
    if (runtimeCallOf(work.span) !== 'PullImage') continue;
    const image = imageOf(work);
    if (image !== '') return image;
  }
  return '';
}

const decisive = new Set(['RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer']);

/** What the kubelet waits for is told by the last call that it made. */
function afterCall(atNs: bigint, known: Known): Finding | undefined {
  const { startUp, evidence } = known;
  let last: Work | undefined;
  for (const work of withDescendants(startUp.works)) {
    if (!decisive.has(runtimeCallOf(work.span) ?? '') || work.toNs > atNs) continue;
    if (last === undefined || work.toNs > last.toNs) last = work;
  }
  if (last === undefined) return undefined;
  if (hasFailed(last)) return afterFailure(last);
  const container = containerOf(last, startUp.containers);
  if (runtimeCallOf(last.span) !== 'StartContainer' || !evidence.initContainers.has(container)) {
    return undefined;
  }
  return initRuns(container);
}

function initRuns(container: string): Finding {
  const what = `init container ${container} runs, until its end is noticed`;
  return inferred({ cause: 'init-container', component: container, what, subject: container });
}

function afterFailure(call: Work): Finding {
  const evidence = errorsOf(call);
  const retry = { component: 'kubelet', evidence } as const;
  switch (runtimeCallOf(call.span)) {
    case 'PullImage': {
      const subject = imageOf(call);
      return inferred({
        ...retry,
        cause: 'image',
        what: `waits for the image ${subject}`,
        subject,
      });
    }
    case 'RunPodSandbox': {
      const cause = pluginFailed(call) ? 'network-plugin' : 'sandbox';
      const failed = cause === 'sandbox' ? 'the sandbox' : "the pod's network (CNI)";
      return inferred({ ...retry, cause, what: `${failed} failed and is tried again` });
    }
    case undefined:
    default:
      return inferred({
        ...retry,
        cause: 'container-start',
        what: 'a container did not start and is tried again',
      });
  }
}

/** Without spans of kubelet and runtime, Events and the status of init containers tell some of it. */
function byNotes(atNs: bigint, { evidence }: Known): Finding | undefined {
  const running = evidence.sights
    .filter(({ init, atNs: seenNs }) => init && seenNs <= atNs)
    .findLast((sight, _, sights) => isLatest(sight, sights));
  if (running?.state === 'running') return initRuns(running.container);
  const last = evidence.notes.findLast(
    ({ reason, atNs: notedNs }) => notedNs <= atNs && !ignored.has(reason),
  );
  if (last?.reason !== 'Pulling') return undefined;
  const image = /image "([^"]+)"/.exec(last.message)?.[1] ?? '';
  const what = `pulls image ${image}`;
  return inferred({ cause: 'image', component: 'kubelet', what, subject: image });
}

const ignored = new Set(['Scheduled', 'FailedScheduling']);

function isLatest(sight: ContainerSight, sights: readonly ContainerSight[]): boolean {
  return sights.findLast(({ container }) => container === sight.container) === sight;
}

/** The kubelet looks for changes of containers once a second. */
const noticeNs = 2_000_000_000n;

function readyGap(fromNs: bigint, toNs: bigint, known: Known): Finding {
  const { startUp, evidence } = known;
  const { node } = startUp.pod;
  if (startUp.works.some((work) => isUpdate(work) && work.toNs <= fromNs)) {
    const what = 'tells watchers that the pod is Ready';
    return inferred({ cause: 'api-server', component: 'apiserver', what });
  }
  const crashed = currentSights(fromNs, toNs, known).some(
    ({ state, reason }) => state === 'terminated' || reason === 'CrashLoopBackOff',
  );
  const crash = crashed ? troubleGap(fromNs, toNs, known) : undefined;
  if (crash !== undefined) return { ...crash, node };
  const unhealthy = evidence.notes.filter(({ reason }) => reason === 'Unhealthy');
  const told = [...evidence.readinessSettings, ...unhealthy.map(({ message }) => message)];
  if (told.length > 0) {
    const subject = /^\w+ (?:probe of|gate) ([^:\s]+)/.exec(told[0] ?? '')?.[1] ?? '';
    const what = `is not yet ready: ${told[0] ?? ''}`;
    const component = subject === '' ? 'container' : subject;
    const saying = [...told, ...evidence.notReady];
    return inferred({ cause: 'readiness', component, what, subject, node, evidence: saying });
  }
  if (toNs - fromNs > noticeNs) return unaccounted;
  const what = 'notices that the containers run, and says so';
  return inferred({ cause: 'kubelet', component: 'kubelet', what, node });
}

function isUpdate(work: Work): boolean {
  return [...withDescendants([work])].some(({ span }) => requestOf(span) === 'status');
}
