import { bootRecords } from '../../../receivers/log-tailer/boot/records.ts';
import { askKubernetes } from '../../../receivers/log-tailer/sources/kubernetes/ask.ts';
import { kubernetesEvents } from '../../../receivers/log-tailer/sources/kubernetes/events.ts';
import type { PodChoice } from '../../../receivers/log-tailer/sources/kubernetes/measured-pod.ts';
import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
} from '../../../receivers/shared/kubernetes/client.ts';
import { withRemedy } from '../../../receivers/shared/kubernetes/remedy.ts';
import type { ReadBoots, ReadBootSource } from './boot-source.ts';
import { understand } from './understand.ts';

export interface ClusterSourceOptions {
  readonly client: KubeClient;
  /** Undefined: the only one. */
  readonly node: string | undefined;
  /** Namespace of the log tailers. */
  readonly namespace: string;
  readonly pod: PodChoice;
}

const answerMs = 15_000;
const port = 2112;
const container = 'log-tailer';

/** The boot of a node as its log tailer tells it, through the API server; where none runs, what the API itself tells. */
export function clusterSource(options: ClusterSourceOptions): ReadBootSource {
  const { client, namespace, pod } = options;
  const asked = `asking ${client.server.origin} for the boot of a node`;
  const get = (path: string, signal: AbortSignal, query = {}): Promise<KubeAnswer> =>
    client.request({ verb: 'get', path, query }, { timeoutMs: answerMs, signal });

  async function onlyNode(signal: AbortSignal): Promise<string> {
    const answer = await get('/api/v1/nodes', signal, { limit: '2' });
    const names = itemsOf(bodyOf(answer)).map(({ metadata }) => metadata?.name ?? '');
    const [name] = names;
    if (name !== undefined && names.length === 1) return name;
    throw new Error(
      names.length === 0
        ? 'expected a node, found none; ask again once the cluster has one'
        : 'expected --node NAME, for there are several nodes; kubectl get nodes lists them',
    );
  }

  /** Why there is none to be asked; else what it answered. */
  async function fromTailer(node: string, signal: AbortSignal): Promise<ReadBoots> {
    const within = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const failed = (problem: string): ReadBoots => ({ kind: 'failed', problem });
    const pods = await get(within, signal, { fieldSelector: `spec.nodeName=${node}` });
    if (!isOk(pods)) return failed(whyNot(pods));
    const found = itemsOf(pods.body).find((each) =>
      each.spec?.containers?.some(({ name }) => name === container),
    );
    const name = found?.metadata?.name;
    if (name === undefined)
      return failed(`none runs on it in namespace ${namespace}; --namespace names another`);
    const answer = await get(`${within}/${name}:${port}/proxy/boot`, signal);
    return isOk(answer)
      ? understand(answer.body, `asking pod ${namespace}/${name}`)
      : failed(`pod ${namespace}/${name}: ${whyNot(answer)}`);
  }

  return async (signal) => {
    try {
      const node = options.node ?? (await onlyNode(signal));
      const told = await fromTailer(node, signal);
      if (told.kind === 'read') return told;
      const evidence = await askKubernetes({ node, pod, client, signal });
      signal.throwIfAborted();
      const [report] = evidence.reports;
      if (report?.problem !== undefined) throw new Error(report.problem);
      return {
        kind: 'read',
        boots: bootRecords({ definitions: kubernetesEvents, evidence }),
        notes: [
          `only what the API tells, for the log tailer of ${node} was not asked: ${told.problem}`,
        ],
      };
    } catch (caught) {
      signal.throwIfAborted();
      return { kind: 'failed', problem: `${asked}: ${(caught as Error).message}` };
    }
  };
}

interface Item {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly containers?: readonly { readonly name?: string }[] };
}

type Ok = Extract<KubeAnswer, { kind: 'answer' }>;

function isOk(answer: KubeAnswer): answer is Ok {
  return answer.kind === 'answer' && answer.status === 200;
}

function bodyOf(answer: KubeAnswer): unknown {
  if (isOk(answer)) return answer.body;
  throw new Error(whyNot(answer));
}

function whyNot(answer: KubeAnswer): string {
  const said =
    answer.kind === 'answer'
      ? (statusMessage(answer.body) ?? `status ${answer.status}`)
      : answer.reason === 'timeout'
        ? `no answer within ${answerMs / 1000} s`
        : answer.message;
  return withRemedy(said, answer);
}

function itemsOf(body: unknown): readonly Item[] {
  return (body as { readonly items?: readonly Item[] | null } | null)?.items ?? [];
}
