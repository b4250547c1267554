/** A program that is built from a pinned module in local/tools. */
export interface Tool<Name extends string = string> {
  readonly name: Name;
  /** Folder in local/tools. */
  readonly module: string;
  /** Import path of its main package. */
  readonly package: string;
  readonly cgo: boolean;
  readonly tags: readonly string[];
  /** Kubernetes programs must be told their version, or they report v0.0.0. */
  readonly stampVersion: boolean;
}

function tool<Name extends string>(
  name: Name,
  module: string,
  path: string,
  more: Partial<Pick<Tool, 'cgo' | 'tags' | 'stampVersion'>> = {},
): Tool<Name> {
  return { name, module, package: path, cgo: false, tags: [], stampVersion: false, ...more };
}

function kubernetes<Name extends string>(name: Name): Tool<Name> {
  return tool(name, 'kubernetes', `k8s.io/kubernetes/cmd/${name}`, { stampVersion: true });
}

const containerdCmd = 'github.com/containerd/containerd/v2/cmd';
const cniPlugins = 'github.com/containernetworking/plugins/plugins';

export const tools = [
  tool('etcd', 'etcd', 'go.etcd.io/etcd/server/v3'),
  kubernetes('kube-apiserver'),
  kubernetes('kubectl'),
  kubernetes('kube-controller-manager'),
  kubernetes('kube-scheduler'),
  kubernetes('kubelet'),
  kubernetes('kube-proxy'),
  tool('containerd', 'containerd', `${containerdCmd}/containerd`),
  tool('containerd-shim-runc-v2', 'containerd', `${containerdCmd}/containerd-shim-runc-v2`),
  tool('ctr', 'containerd', `${containerdCmd}/ctr`),
  tool('runc', 'runc', 'github.com/opencontainers/runc', { cgo: true, tags: ['seccomp'] }),
  tool('bridge', 'cni', `${cniPlugins}/main/bridge`),
  tool('loopback', 'cni', `${cniPlugins}/main/loopback`),
  tool('host-local', 'cni', `${cniPlugins}/ipam/host-local`),
  tool('portmap', 'cni', `${cniPlugins}/meta/portmap`),
  tool('otel-desktop-viewer', 'viewer', 'github.com/CtrlSpice/otel-desktop-viewer', { cgo: true }),
  tool('builder', 'collector-builder', 'go.opentelemetry.io/collector/cmd/builder'),
  tool('coredns', 'coredns', '.'),
  tool('pause', 'pause', '.'),
  tool('prometheus', 'prometheus', 'github.com/prometheus/prometheus/cmd/prometheus', {
    tags: ['remove_all_sd'],
  }),
  tool('kwok', 'kwok', 'sigs.k8s.io/kwok/cmd/kwok'),
  tool('kind', 'kind', 'sigs.k8s.io/kind'),
  tool('kind-render', 'kind', '.'),
  tool('jaeger', 'jaeger', 'github.com/jaegertracing/jaeger/cmd/jaeger'),
  tool('loki', 'loki', 'github.com/grafana/loki/v3/cmd/loki'),
  tool('docker-compose', 'compose', 'github.com/docker/compose/v2/cmd'),
  tool('helm', 'helm', 'helm.sh/helm/v4/cmd/helm'),
] as const;

/** The collector is generated and built by the collector's own builder. */
export const collector = 'otelcol-kube-latency';

/** The builder's configurations in collector-config/, by the programs they make. */
export const collectors = {
  [collector]: 'builder.yaml',
  'otelcol-kube-latency-extra': 'extra/builder.yaml',
} as const;

export type CollectorName = keyof typeof collectors;

export type ProgramName = (typeof tools)[number]['name'] | CollectorName;

export function isCollector(name: ProgramName): name is CollectorName {
  return Object.hasOwn(collectors, name);
}

/**
 * What the local cluster is not made of: kwok simulates nodes for benches, tests use Prometheus, Jaeger and Loki as backends,
 * have docker-compose.yaml read and the chart rendered and installed by helm, kind makes the other cluster, and the builder
 * only makes the collector.
 */
const others: ReadonlySet<ProgramName> = new Set([
  'kwok',
  'prometheus',
  'jaeger',
  'loki',
  'kind',
  'kind-render',
  'docker-compose',
  'helm',
  'builder',
]);

/** What `up` needs for the local cluster. */
export const clusterPrograms: readonly ProgramName[] = [
  ...tools.map(({ name }) => name).filter((name) => !others.has(name)),
  collector,
];

/** Arguments of `go` that build a tool at `output`; `goMod` is the text of its go.mod. */
export function buildArguments(built: Tool, goMod: string, output: string): string[] {
  const tags = built.tags.length === 0 ? [] : ['-tags', built.tags.join(',')];
  return [
    'build',
    '-buildvcs=false',
    ...tags,
    '-ldflags',
    ldflags(built, goMod),
    '-o',
    output,
    built.package,
  ];
}

function ldflags(built: Tool, goMod: string): string {
  if (!built.stampVersion) return '-s -w';
  const version = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/m.exec(goMod);
  if (version === null) throw new Error(`go.mod of ${built.module} requires no k8s.io/kubernetes`);
  const [, full, major, minor] = version;
  const stamps = [
    `gitVersion=${full}`,
    `gitMajor=${major}`,
    `gitMinor=${minor}`,
    'gitTreeState=clean',
  ];
  return `-s -w ${stamps.map((stamp) => `-X k8s.io/component-base/version.${stamp}`).join(' ')}`;
}
