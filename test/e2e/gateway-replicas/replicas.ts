import { chown, mkdir, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cluster, kubectl, kubectlApply } from '../../support/cluster.ts';
import { applyAsUp, rolledOut } from '../../support/rollout.ts';
import { withKustomization } from '../../support/kustomize.ts';
import { readSpans, type FileSpan } from '../../support/spans-file.ts';

const inNamespace = ['--namespace', 'kube-latency'];
const ordinals = [0, 1];
const components = [
  'gateway-replicas',
  'pod-disruption-budget',
  // Prometheus is away, and nobody waits for it.
  'span-metrics',
  'prometheus-otlp',
  'prometheus-remote-write',
].map((name) => `components/${name}`);
const template = new URL(
  '../../../manifests/components/control-plane-volume/persistent-volume-kube-latency-gateway.yaml',
  import.meta.url,
);
/** User of every container of the pipeline. */
const user = 65_532;

interface Volume {
  readonly metadata: object;
  readonly spec: { readonly claimRef: object };
}

/** Two gateways in the place of the one that `up` made, each with a volume, sending to the backend at `endpoint`. */
export async function deployReplicas(endpoint: string): Promise<void> {
  for (const nth of ordinals) {
    const folder = await folderOf(nth);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await chown(folder, user, user);
  }
  await kubectlApply(ordinals.map((nth) => stringify(volume(nth))).join('---\n'));
  const literals = [
    `BACKEND_ENDPOINT=${endpoint}`,
    'BACKEND_INSECURE=true',
    'PROMETHEUS_URL=http://127.0.0.1:1',
  ];
  const environment = { name: 'environment', namespace: 'kube-latency', behavior: 'merge' };
  await withKustomization(
    {
      resources: ['overlays/local'],
      components,
      configMapGenerator: [{ ...environment, literals }],
      patches: withoutViewer,
    },
    applyAsUp,
  );
  await rolledOut('kube-latency', 'statefulset/gateway');
  await kubectl([...inNamespace, 'delete', 'deployment/gateway', '--cascade=foreground']);
}

export async function rollReplicas(): Promise<void> {
  await kubectl([...inNamespace, 'rollout', 'restart', 'statefulset/gateway']);
  await rolledOut('kube-latency', 'statefulset/gateway');
}

/** The one gateway again, as `up` made it; resolves when nothing else is left. */
export async function removeReplicas(configMaps: readonly string[]): Promise<void> {
  await applyAsUp('manifests/overlays/local');
  await rolledOut('kube-latency', 'deployment/gateway');
  const gone = [...inNamespace, 'delete', '--ignore-not-found', '--cascade=foreground'];
  await kubectl([...gone, 'statefulset/gateway', 'poddisruptionbudget/gateway']);
  await kubectl([...gone, ...ordinals.map((nth) => `persistentvolumeclaim/${claim(nth)}`)]);
  await kubectl([...gone, ...ordinals.map((nth) => `persistentvolume/${volumeName(nth)}`)]);
  const made = (await listConfigMaps()).filter((name) => !configMaps.includes(name));
  if (made.length > 0) await kubectl([...gone, ...made]);
  for (const nth of ordinals) await rm(await folderOf(nth), { recursive: true, force: true });
}

/** Names of the ConfigMaps beside the gateway, as kubectl tells them. */
export async function listConfigMaps(): Promise<string[]> {
  const listed = await kubectl([...inNamespace, 'get', 'configmaps', '--output=name']);
  return listed.split('\n').filter((name) => name !== '');
}

/** Uids of the gateways, by name. */
export async function replicaUids(): Promise<Map<string, string>> {
  const selected = ['get', 'pods', '--selector=app.kubernetes.io/name=gateway'];
  const range = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const listed = await kubectl([...inNamespace, ...selected, `--output=jsonpath=${range}`]);
  return new Map(
    listed.split('\n').flatMap((line) => {
      const [name = '', uid = ''] = line.split(' ');
      return name === '' ? [] : [[name, uid]];
    }),
  );
}

/** What each replica wrote to its file. */
export function replicaSpans(): Promise<FileSpan[][]> {
  return Promise.all(
    ordinals.map(async (nth) => readSpans(join(await folderOf(nth), 'spans.jsonl'))),
  );
}

const viewerLayer = '--config=/etc/otelcol/embedded-viewer.yaml';

/** Their backend is none of the viewers, which would only start with them. And who is not ready gets nothing. */
const withoutViewer = [
  {
    target: { kind: 'StatefulSet', name: 'gateway' },
    patch: stringify([
      { op: 'test', path: '/spec/template/spec/containers/1/name', value: 'viewer' },
      { op: 'remove', path: '/spec/template/spec/containers/1' },
      { op: 'test', path: '/spec/template/spec/volumes/3/name', value: 'viewer-tmp' },
      { op: 'remove', path: '/spec/template/spec/volumes/3' },
      { op: 'remove', path: '/spec/template/spec/volumes/2' },
      { op: 'test', path: '/spec/template/spec/containers/0/args/1', value: viewerLayer },
      { op: 'remove', path: '/spec/template/spec/containers/0/args/1' },
    ]),
  },
  {
    target: { kind: 'Service', name: 'gateway' },
    // Not removed: it would stay, as what another manager of the object has set.
    patch: stringify([{ op: 'replace', path: '/spec/publishNotReadyAddresses', value: false }]),
  },
];

/** As the volume of the one gateway, for one replica's claim. */
function volume(nth: number): object {
  const { spec, ...rest } = parse(readFileSync(template, 'utf8')) as Volume;
  return {
    ...rest,
    metadata: { ...rest.metadata, name: volumeName(nth) },
    spec: {
      ...spec,
      claimRef: { ...spec.claimRef, name: claim(nth) },
      local: { path: `/var/lib/kube-latency/${volumeName(nth)}` },
    },
  };
}

function claim(nth: number): string {
  return `storage-gateway-${nth}`;
}

function volumeName(nth: number): string {
  return `kube-latency-gateway-${nth}`;
}

/** A replica's folder, as this machine sees it: beside that of the one gateway. */
async function folderOf(nth: number): Promise<string> {
  return join(dirname((await cluster()).spansFile), '..', volumeName(nth));
}
