import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
} from '../../../receivers/shared/kubernetes/client.ts';
import { withRemedy } from '../../../receivers/shared/kubernetes/remedy.ts';
import type { ReportSource } from './report-source.ts';
import { understand } from './understand.ts';

const service = 'rtt-aggregator';
const port = 9090;
const answerMs = 15_000;

/** The aggregator of a cluster, through the proxy of its API server. */
export function clusterSource(client: KubeClient, namespace: string): ReportSource {
  const within = encodeURIComponent(namespace);
  const path = `/api/v1/namespaces/${within}/services/${service}:${port}/proxy/matrix`;
  const asked = `asking ${client.server.origin} for the matrix of service ${namespace}/${service}`;
  return {
    read: async (signal) => {
      const answer = await client.request({ verb: 'get', path }, { timeoutMs: answerMs, signal });
      signal.throwIfAborted();
      return answer.kind === 'answer' && answer.status === 200
        ? understand(answer.body, asked)
        : { kind: 'failed', problem: `${asked}: ${whyNot(answer, namespace)}` };
    },
    close: () => client.close(),
  };
}

function whyNot(answer: KubeAnswer, namespace: string): string {
  if (answer.kind === 'failed') {
    const said =
      answer.reason === 'timeout' ? `no answer within ${answerMs / 1000} s` : answer.message;
    return withRemedy(said, answer);
  }
  const said = statusMessage(answer.body) ?? `status ${answer.status}`;
  switch (answer.status) {
    case 401:
      return withRemedy('expected accepted credentials, got status 401', answer);
    case 403:
      return `${said}; it takes the right to get services/proxy, named ${service}:${port}, in namespace ${namespace}`;
    case 404:
      return saysApiServer(answer.body)
        ? `it is not deployed there (${said}); --namespace names another namespace, --from another aggregator`
        : 'expected a matrix, got status 404: what answers there is no aggregator of this version';
    case 503:
      return `it is not ready (${said}); kubectl --namespace=${namespace} describe deployment ${service} says why`;
    default:
      return said;
  }
}

/** Whether an answer is of the API server itself, not of what is behind its proxy. */
function saysApiServer(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status';
}
