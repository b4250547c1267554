import type { Facts } from './facts.ts';
import type { PodState } from './pod-state.ts';

/** Why a probe or one of its phases failed: the closed set of `error.type`. */
export const failureReasons = [
  'image_pull',
  'unschedulable',
  'sandbox',
  'container_config',
  'crash',
  'evicted',
  'deleted',
  'quota',
  'admission',
  'deadline',
  'network',
  'api_error',
  'cancelled',
] as const;

export type FailureReason = (typeof failureReasons)[number];

export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
}

/** Waiting reasons that name a problem, and whether waiting longer can help. */
const waitingReasons: ReadonlyMap<string, { reason: FailureReason; hopeless: boolean }> = new Map([
  ['ErrImagePull', { reason: 'image_pull', hopeless: false }],
  ['ImagePullBackOff', { reason: 'image_pull', hopeless: false }],
  ['ImageInspectError', { reason: 'image_pull', hopeless: false }],
  ['RegistryUnavailable', { reason: 'image_pull', hopeless: false }],
  ['SignatureValidationFailed', { reason: 'image_pull', hopeless: false }],
  ['InvalidImageName', { reason: 'image_pull', hopeless: true }],
  ['ErrImageNeverPull', { reason: 'image_pull', hopeless: true }],
  ['CreateContainerConfigError', { reason: 'container_config', hopeless: false }],
  ['CreateContainerError', { reason: 'container_config', hopeless: false }],
  ['RunContainerError', { reason: 'crash', hopeless: false }],
  ['CrashLoopBackOff', { reason: 'crash', hopeless: false }],
]);

/** Reasons of a pod in phase Failed; any other is a container that ended badly. */
const podReasons: ReadonlyMap<string, FailureReason> = new Map([
  ['DeadlineExceeded', 'deadline'],
  ['Evicted', 'evicted'],
  ['Preempting', 'evicted'],
  ['Shutdown', 'evicted'],
  ['Terminated', 'evicted'],
  ['NodeLost', 'evicted'],
  ['NodeAffinity', 'evicted'],
  ['UnexpectedAdmissionError', 'evicted'],
]);

function waiting(pod: PodState): (Failure & { hopeless: boolean }) | undefined {
  for (const { name, state } of pod.containers) {
    if (state.kind !== 'waiting') continue;
    const known = waitingReasons.get(state.reason);
    if (known === undefined) continue;
    const words = state.message === undefined ? state.reason : `${state.reason}: ${state.message}`;
    return { ...known, message: `container ${name}: ${words}` };
  }
  return undefined;
}

function ended(pod: PodState): Failure | undefined {
  for (const { name, state } of pod.containers) {
    if (state.kind !== 'terminated') continue;
    const message = `container ${name} ended with ${state.exitCode} (${state.reason}) before the pod was Ready`;
    return { reason: 'crash', message };
  }
  return undefined;
}

function failedPod(pod: PodState): Failure | undefined {
  if (pod.phase !== 'Failed' && pod.phase !== 'Succeeded') return undefined;
  const nodeRefused = pod.reason?.startsWith('OutOf') === true;
  const reason = nodeRefused ? 'evicted' : podReasons.get(pod.reason ?? '');
  const words = [pod.reason, pod.message].filter((each) => each !== undefined).join(': ');
  if (reason !== undefined) return { reason, message: words };
  return ended(pod) ?? { reason: 'crash', message: words === '' ? `pod is ${pod.phase}` : words };
}

/** A failure that waiting cannot mend, before the pod was Ready; undefined: go on waiting. */
export function hopeless(facts: Facts): Failure | undefined {
  const { pod, sights } = facts;
  if (sights.gone !== undefined || pod?.deleting === true) {
    return {
      reason: 'deleted',
      message: 'the pod was deleted by someone else before it was Ready',
    };
  }
  if (pod === undefined) return undefined;
  const stuck = waiting(pod);
  return failedPod(pod) ?? ended(pod) ?? (stuck?.hopeless === true ? stuck : undefined);
}

function latestNote(facts: Facts, reasons: ReadonlySet<string>): string | undefined {
  const notes = [...facts.notes.values()].filter((note) => reasons.has(note.reason));
  const latest = notes.toSorted((a, b) => Number(b.arrivalNs - a.arrivalNs))[0];
  return latest === undefined ? undefined : `${latest.reason}: ${latest.message}`;
}

const sandboxReasons: ReadonlySet<string> = new Set([
  'FailedCreatePodSandBox',
  'NetworkNotReady',
  'FailedMount',
]);
const unschedulableReasons: ReadonlySet<string> = new Set(['FailedScheduling']);

/** Names what a pod that was not Ready in time was waiting for. */
export function lateBecause(facts: Facts, budget: string): Failure {
  const { pod } = facts;
  const tooLate = `not Ready within ${budget}`;
  if (pod === undefined) {
    return { reason: 'deadline', message: `${tooLate}: the watch never showed the pod` };
  }
  const stuck = waiting(pod);
  if (stuck !== undefined) return { reason: stuck.reason, message: `${tooLate}: ${stuck.message}` };
  if (pod.node === undefined) {
    const { scheduled } = pod;
    const said = scheduled?.message ?? latestNote(facts, unschedulableReasons);
    if (scheduled?.reason === 'Unschedulable' || said !== undefined) {
      return { reason: 'unschedulable', message: `${tooLate}: ${said ?? 'Unschedulable'}` };
    }
    return { reason: 'deadline', message: `${tooLate}: no scheduler took the pod` };
  }
  const sandbox = latestNote(facts, sandboxReasons);
  if (pod.address === undefined && sandbox !== undefined) {
    return { reason: 'sandbox', message: `${tooLate}: ${sandbox}` };
  }
  return { reason: 'deadline', message: `${tooLate}: pod is ${pod.phase} on node ${pod.node}` };
}

/** Names why the API server refused a create with a client error. */
export function refusalOf(status: number, message: string): Failure {
  const words = `creating the pod: status ${status}: ${message}`;
  if (status === 403 && /exceeded quota/i.test(message)) return { reason: 'quota', message: words };
  const byAdmission =
    /violates PodSecurity|admission webhook|denied the request|ValidatingAdmissionPolicy|forbidden: (?!User )/i;
  if ((status === 403 || status === 400 || status === 422) && byAdmission.test(message)) {
    return { reason: 'admission', message: words };
  }
  return { reason: 'api_error', message: words };
}
