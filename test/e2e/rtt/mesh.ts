import { matrixReport, type MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import { kubectl } from '../../support/cluster.ts';
import { applyAsUp, rolledOut } from '../../support/rollout.ts';
import { withKustomization } from '../../support/kustomize.ts';

const namespace = ['--namespace', 'kube-latency'];
const nodeNamespace = ['--namespace', 'kube-latency-node'];
const mesh = {
  resources: ['overlays/local'],
  components: ['components/rtt', 'components/rtt-node-network'],
};

export interface Pinger {
  /** The DaemonSet, which is on the pod network or on the nodes' own. */
  readonly of: 'rtt-pinger' | 'rtt-pinger-node';
  readonly name: string;
  readonly node: string;
  readonly address: string;
}

/** Lays the mesh over what `up` made; resolves when all of it is ready. */
export async function deployMesh(): Promise<void> {
  await withKustomization(mesh, applyAsUp);
  await rolledOut('kube-latency', 'daemonset/rtt-pinger');
  await rolledOut('kube-latency-node', 'daemonset/rtt-pinger-node');
  await rolledOut('kube-latency', 'deployment/rtt-aggregator');
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

/** A pinger's page of metrics. */
export function pingerPage({ name, of }: Pinger): Promise<string> {
  const where = of === 'rtt-pinger' ? 'kube-latency' : 'kube-latency-node';
  const port = of === 'rtt-pinger' ? 2112 : 8863;
  const path = `/api/v1/namespaces/${where}/pods/${name}:${port}/proxy/metrics`;
  return kubectl(['get', '--raw', path]);
}

export function aggregatorPage(path: 'metrics' | 'healthz' | 'matrix'): Promise<string> {
  const service = '/api/v1/namespaces/kube-latency/services/rtt-aggregator:9090';
  return kubectl(['get', '--raw', `${service}/proxy/${path}`]);
}

export async function matrix(): Promise<MatrixReport> {
  return matrixReport.parse(JSON.parse(await aggregatorPage('matrix')));
}
