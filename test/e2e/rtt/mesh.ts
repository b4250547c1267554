import assert from 'node:assert/strict';
import { matrixReport, type MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import { kubectl } from '../../support/cluster.ts';
import { applyAsUp, rolledOut } from '../../support/rollout.ts';
import { eventually } from '../../support/eventually.ts';
import { withKustomization } from '../../support/kustomize.ts';

const namespace = ['--namespace', 'kube-latency'];
const nodeNamespace = ['--namespace', 'kube-latency-node'];
const withNodeNetwork = {
  resources: ['overlays/local'],
  components: ['components/rtt-node-network'],
};

export interface Pinger {
  /** The DaemonSet, which is on the pod network or on the nodes' own. */
  readonly of: 'rtt-pinger' | 'rtt-pinger-node';
  readonly name: string;
  readonly node: string;
  readonly address: string;
}

/** Lays the pingers on the nodes' own network over what `up` made; resolves when these are ready. */
export async function deployNodePingers(): Promise<void> {
  await withKustomization(withNodeNetwork, applyAsUp);
  await rolledOut('kube-latency-node', 'daemonset/rtt-pinger-node');
}

/** Takes away what deployNodePingers brought, and the rest stays as `up` made it. */
export async function removeNodePingers(): Promise<void> {
  const kinds = 'daemonset,service,serviceaccount,clusterrole,clusterrolebinding';
  const ours = '--selector=app.kubernetes.io/name=rtt-pinger-node';
  await kubectl(['delete', kinds, '--all-namespaces', ours, '--cascade=foreground']);
  const listed = await kubectl([...nodeNamespace, 'get', 'configmaps', '--output=name']);
  const made = listed.split('\n').filter((name) => name.startsWith('configmap/rtt-'));
  if (made.length > 0) await kubectl([...nodeNamespace, 'delete', ...made]);
}

/** Has the pods of the mesh made anew, all at once; resolves when all of so many are ready. */
export async function restartMesh(pods: number): Promise<void> {
  const selector = '--selector=app.kubernetes.io/name in (rtt-pinger,rtt-aggregator)';
  await kubectl([...namespace, 'delete', 'pods', selector]);
  await eventually(
    async () => {
      const listed = await kubectl([...namespace, 'get', 'pods', selector, '--output=json']);
      const { items } = JSON.parse(listed) as { readonly items: readonly MeshPod[] };
      assert.equal(items.filter(isReady).length, pods);
    },
    { withinMs: 90_000, everyMs: 200 },
  );
}

interface MeshPod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
}

function isReady({ metadata, status: { conditions = [] } }: MeshPod): boolean {
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && metadata.deletionTimestamp === undefined;
}

/** The pingers on the pod network, or on the nodes' own, that are ready. */
export async function pingers(of: Pinger['of']): Promise<Pinger[]> {
  const where = of === 'rtt-pinger' ? namespace : nodeNamespace;
  const selected = ['get', 'pods', `--selector=app.kubernetes.io/name=${of}`];
  const range = '{range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{"\\n"}{end}';
  const listed = await kubectl([...where, ...selected, `--output=jsonpath=${range}`]);
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', node = '', address = ''] = line.split(' ');
      return { of, name, node, address };
    });
}

/** A pinger's page of metrics, asked at its own address: a detour by the API server would take what is to be timed. */
export async function pingerPage({ address, of }: Pinger): Promise<string> {
  const port = of === 'rtt-pinger' ? 2112 : 8863;
  const answer = await fetch(`http://${address}:${port}/metrics`);
  assert.equal(answer.status, 200);
  return answer.text();
}

export function aggregatorPage(path: 'metrics' | 'healthz' | 'matrix'): Promise<string> {
  const service = '/api/v1/namespaces/kube-latency/services/rtt-aggregator:9090';
  return kubectl(['get', '--raw', `${service}/proxy/${path}`]);
}

export async function matrix(): Promise<MatrixReport> {
  return matrixReport.parse(JSON.parse(await aggregatorPage('matrix')));
}
