import type { Finding } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { runtimeFinding } from './runtime-finding.ts';
import {
  componentOf,
  nodeOf,
  requestOf,
  runtimeCallOf,
  textOf,
  type Request,
} from './span-role.ts';
import type { StartUp } from './start-up.ts';
import type { Work } from './work.ts';

/** What findings are made from. */
export interface Known {
  readonly startUp: StartUp;
  readonly evidence: Evidence;
}

/** A request in words. */
const requestWords: Readonly<Record<Request, string>> = {
  create: 'create request',
  binding: 'binding to the node',
  status: 'status update',
  token: 'token request',
};

/** What a work's own time, not that of what lies below it, was spent on. */
export function measuredFinding(work: Work, atNs: bigint, known: Known): Finding {
  const { span } = work;
  const made = { component: span.service, node: nodeOf(span), certainty: 'span' } as const;
  switch (componentOf(span)) {
    case 'telling':
      return { ...made, ...createFinding(work), component: 'apiserver', node: null };
    case 'apiserver':
    case 'etcd':
      return { ...made, ...serverFinding(work) };
    case 'kubelet':
    case 'runtime': {
      const node = made.node ?? known.startUp.pod.node;
      return { ...made, ...nodeFinding(work, atNs, known), node };
    }
    case 'other':
      return { ...made, cause: 'other', what: span.name, subject: span.name, evidence: [] };
  }
}

type Part = Pick<Finding, 'cause' | 'what' | 'subject' | 'evidence'> & { component?: string };

/** The works around this one, innermost first, itself included. */
function* lineage(work: Work): Generator<Work> {
  for (let at: Work | undefined = work; at !== undefined; at = at.parent) yield at;
}

function requestAround(work: Work): Request | undefined {
  for (const { span } of lineage(work)) {
    const request = span.name === 'prober.create-pod' ? 'create' : requestOf(span);
    if (request !== undefined) return request;
  }
  const below = work.children[0];
  return below === undefined ? undefined : requestOf(below.span);
}

function wordsAround(work: Work): string {
  const request = requestAround(work);
  return request === undefined ? 'request' : requestWords[request];
}

/** The prober's own view of its create request, where no span of the API server covers it. */
function createFinding({ span, children }: Work): Part {
  const resends = Number(span.attributes['http.request.resend_count'] ?? 0);
  const status = textOf(span, 'http.response.status_code');
  const evidence = [
    ...(resends > 0 ? [`the create request was sent again ${resends} times`] : []),
    ...(status === '' ? [] : [`answered with status ${status}`]),
  ];
  const what =
    resends > 0
      ? 'puts off the create request (429, or no answer)'
      : children.length === 0
        ? 'answers the create request'
        : 'is sent the create request, and sends the answer';
  return { cause: 'api-server', what, subject: '', evidence: resends > 0 ? evidence : [] };
}

const webhookCall = /^Call (mutating|validating) webhook$/;

function serverFinding(work: Work): Part {
  const request = wordsAround(work);
  const { span } = work;
  for (const around of lineage(work)) {
    const [, kind] = webhookCall.exec(around.span.name) ?? [];
    if (kind === undefined) continue;
    const name = textOf(around.span, 'webhook');
    const evidence = [`configuration ${textOf(around.span, 'configuration')}`];
    const what = `${kind} webhook ${name} answers for the ${request}`;
    return { cause: 'webhook', component: 'webhook', what, subject: name, evidence };
  }
  if (componentOf(span) === 'etcd' || span.name.startsWith('etcdserverpb.')) {
    const writes = [...lineage(work)].some(({ span: each }) => /(?:KV\/Txn|^txn)$/.test(each.name));
    const what = `${writes ? 'writes' : 'reads'} for the ${request}`;
    return { cause: 'etcd', component: 'etcd', what, subject: '', evidence: [] };
  }
  const plain = { cause: 'api-server', subject: '', evidence: [] } as const;
  switch (span.name) {
    case 'priorityandfairness':
      return { ...plain, what: `queues the ${request} (API Priority and Fairness)` };
    case 'authentication':
      return { ...plain, what: `authenticates the caller of the ${request}` };
    case 'authorization':
      return { ...plain, what: `authorizes the ${request}` };
    default:
      return { ...plain, what: `handles the ${request}` };
  }
}

function nodeFinding(work: Work, atNs: bigint, known: Known): Part {
  const { span } = work;
  if (requestOf(span) !== undefined) {
    const what = `sends the ${wordsAround(work)}, and awaits the answer`;
    return { cause: 'api-server', what, subject: '', evidence: [] };
  }
  for (const around of lineage(work)) {
    const call = runtimeCallOf(around.span);
    if (call !== undefined) return runtimeFinding(work, { call, work: around }, known);
  }
  return syncFinding(work, atNs, known.evidence);
}

const volumeTrouble = new Set(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']);

/** The kubelet's own time within a sync. */
function syncFinding(work: Work, atNs: bigint, evidence: Evidence): Part {
  const sandbox = work.children.find(({ span }) => runtimeCallOf(span) === 'RunPodSandbox');
  const before = sandbox === undefined || atNs < sandbox.fromNs;
  const troubles = evidence.notes.filter(
    (note) => volumeTrouble.has(note.reason) && note.atNs >= work.fromNs && note.atNs <= work.toNs,
  );
  if (before && troubles.length > 0) {
    const messages = troubles.map(({ message }) => message);
    return { cause: 'volumes', what: 'waits for volumes', subject: '', evidence: messages };
  }
  const prepares = sandbox !== undefined && before;
  const what = prepares ? 'prepares the pod: volumes, cgroups' : 'syncs the pod';
  return { cause: 'kubelet', what, subject: '', evidence: [] };
}
