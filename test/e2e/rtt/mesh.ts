import { matrixReport, type MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import { kubectl } from '../../support/cluster.ts';
import { withKustomization } from '../../support/kustomize.ts';

const namespace = ['--namespace', 'kube-latency'];
const nodeNamespace = ['--namespace', 'kube-latency-node'];
const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=kube-latency'];
const mesh = {
  resources: ['overlays/local'],
  components: ['components/rtt', 'components/rtt-node-network'],
};

export interface Pinger {
  readonly name: string;
  readonly node: string;
  readonly address: string;
}

/** Lays the mesh over what `up` made; resolves when all of it is ready. */
export async function deployMesh(): Promise<void> {
  await withKustomization(mesh, (folder) => kubectl([...apply, '--kustomize', folder]));
  await rolledOut([...namespace, 'daemonset/rtt-pinger']);
  await rolledOut([...nodeNamespace, 'daemonset/rtt-pinger-node']);
  await rolledOut([...namespace, 'deployment/rtt-aggregator']);
}

/** Takes away what deployMesh brought, and the rest stays as `up` made it. */
export async function removeMesh(): Promise<void> {
  const kinds =
    'daemonset,deployment,service,serviceaccount,role,rolebinding,clusterrole,clusterrolebinding';
  const ours = 'app.kubernetes.io/name in (rtt-pinger,rtt-pinger-node,rtt-aggregator)';
  const gone = ['delete', kinds, '--all-namespaces', `--selector=${ours}`, '--cascade=foreground'];
  await kubectl(gone);
  for (const each of [namespace, nodeNamespace]) {
    const listed = await kubectl([...each, 'get', 'configmaps', '--output=name']);
    const made = listed.split('\n').filter((name) => name.startsWith('configmap/rtt-'));
    if (made.length > 0) await kubectl([...each, 'delete', ...made]);
  }
}

/** The pingers on the pod network, or on the nodes' own, that are ready. */
export async function pingers(of: 'rtt-pinger' | 'rtt-pinger-node'): Promise<Pinger[]> {
  const where = of === 'rtt-pinger' ? namespace : nodeNamespace;
  const selected = ['get', 'pods', `--selector=app.kubernetes.io/name=${of}`];
  const range = '{range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{"\\n"}{end}';
  const listed = await kubectl([...where, ...selected, `--output=jsonpath=${range}`]);
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', node = '', address = ''] = line.split(' ');
      return { name, node, address };
    });
}

/** The page of metrics of a pinger on the pod network. */
export function pingerPage({ name }: Pinger): Promise<string> {
  return kubectl([
    'get',
    '--raw',
    `/api/v1/namespaces/kube-latency/pods/${name}:2112/proxy/metrics`,
  ]);
}

/** The page of metrics of a pinger on a node's network. */
export function nodePingerPage({ name }: Pinger): Promise<string> {
  return kubectl([
    'get',
    '--raw',
    `/api/v1/namespaces/kube-latency-node/pods/${name}:8863/proxy/metrics`,
  ]);
}

export function aggregatorPage(path: 'metrics' | 'healthz' | 'matrix'): Promise<string> {
  const service = '/api/v1/namespaces/kube-latency/services/rtt-aggregator:9090';
  return kubectl(['get', '--raw', `${service}/proxy/${path}`]);
}

export async function matrix(): Promise<MatrixReport> {
  return matrixReport.parse(JSON.parse(await aggregatorPage('matrix')));
}

async function rolledOut(workload: readonly string[]): Promise<void> {
  await kubectl(['rollout', 'status', '--timeout=120s', ...workload]);
}
