import type { Install } from './facts.ts';
import { atLeast, type Version } from './version.ts';

const ownCluster =
  'kube-latency down && kube-latency up   # makes the cluster anew, with tracing on';
const providers = 'none: the provider runs it, and it cannot be changed';

/** The change that turns tracing of the API server on, as the cluster was made. */
export function apiServerFix(install: Install, version: Version | undefined): string {
  const configuration = `apiVersion: ${tracingApiVersion(version)}
kind: TracingConfiguration
endpoint: 127.0.0.1:4317
samplingRatePerMillion: 1000000`;
  const flag = '--tracing-config-file=/etc/kubernetes/tracing/tracing.yaml';
  switch (install) {
    case 'local':
      return ownCluster;
    case 'managed':
      return providers;
    case 'kind':
      return `the cluster has to be made anew. In a folder ./tracing beside the cluster's configuration, tracing.yaml:
${indent(configuration)}
in that configuration, for the control plane:
${indent(kindApiServer)}`;
    case 'kubeadm':
      return `on each control-plane node, /etc/kubernetes/tracing/tracing.yaml:
${indent(configuration)}
in /etc/kubernetes/manifests/kube-apiserver.yaml, the flag, and a hostPath volume of that folder, read-only:
${indent(`- ${flag}`)}
and in ClusterConfiguration apiServer.extraArgs and extraVolumes (ConfigMap kubeadm-config), so that upgrades keep it`;
    case 'other':
      return `start kube-apiserver with ${flag}; in that file:
${indent(configuration)}`;
  }
}

const kindApiServer = `nodes:
- role: control-plane
  extraMounts:
  - {hostPath: ./tracing, containerPath: /etc/kubernetes/tracing, readOnly: true}
kubeadmConfigPatches:
- |
  kind: ClusterConfiguration
  apiServer:
    extraArgs: {tracing-config-file: /etc/kubernetes/tracing/tracing.yaml}
    extraVolumes:
    - {name: tracing, hostPath: /etc/kubernetes/tracing, mountPath: /etc/kubernetes/tracing, readOnly: true}`;

function tracingApiVersion(version: Version | undefined): string {
  const group = 'apiserver.config.k8s.io';
  if (version === undefined || atLeast(version, 1, 34)) return `${group}/v1`;
  return atLeast(version, 1, 27) ? `${group}/v1beta1` : `${group}/v1alpha1`;
}

/** The change that turns tracing of etcd on. */
export function etcdFix(install: Install, version: Version | undefined): string {
  const flags = etcdFlags(version);
  switch (install) {
    case 'local':
      return ownCluster;
    case 'managed':
      return providers;
    case 'kind':
      return `the cluster has to be made anew. In its configuration:
${indent(`kubeadmConfigPatches:
- |
  kind: ClusterConfiguration
  etcd:
    local:
      extraArgs:
${indent(flags.map(([name, value]) => `${name}: "${value}"`).join('\n'), 8)}`)}`;
    case 'kubeadm':
      return `on each control-plane node, in /etc/kubernetes/manifests/etcd.yaml:
${indent(flags.map(([name, value]) => `- --${name}=${value}`).join('\n'))}
and in ClusterConfiguration etcd.local.extraArgs (ConfigMap kubeadm-config), so that upgrades keep it`;
    case 'other':
      return `start etcd with ${flags.map(([name, value]) => `--${name}=${value}`).join(' ')}`;
  }
}

/** Stable names from 3.6 on; rate 0 traces what a sampled request of the API server causes. */
function etcdFlags(version: Version | undefined): (readonly [string, string])[] {
  const prefix = version !== undefined && !atLeast(version, 3, 6) ? 'experimental-' : '';
  return [
    [`${prefix}enable-distributed-tracing`, 'true'],
    [`${prefix}distributed-tracing-address`, '127.0.0.1:4317'],
    [`${prefix}distributed-tracing-sampling-rate`, '0'],
  ];
}

/** The change that turns tracing of a kubelet on. */
export function kubeletFix(install: Install): string {
  const tracing = `tracing:
  endpoint: 127.0.0.1:4317
  samplingRatePerMillion: 1000000`;
  switch (install) {
    case 'local':
      return ownCluster;
    case 'kind':
      return `the cluster has to be made anew. In its configuration:
${indent(`kubeadmConfigPatches:
- |
  kind: KubeletConfiguration
${indent(tracing)}`)}`;
    case 'kubeadm':
      return `on the node, in /var/lib/kubelet/config.yaml:
${indent(tracing)}
then: systemctl restart kubelet; and in ConfigMap kubelet-config of kube-system, for nodes to come`;
    case 'managed':
      return `only where the provider takes a KubeletConfiguration for its nodes:
${indent(tracing)}`;
    case 'other':
      return `in the kubelet's configuration file, then restart it:
${indent(tracing)}`;
  }
}

const containerdVariables = `Environment=OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317
Environment=OTEL_EXPORTER_OTLP_PROTOCOL=grpc
Environment=OTEL_SERVICE_NAME=containerd
Environment=OTEL_TRACES_SAMPLER=parentbased_always_off`;

/** The change that turns tracing of containerd on; versions before 1.7 may know it by their configuration alone. */
export function containerdFix(install: Install, version: Version | undefined): string {
  const dropIn = '/etc/systemd/system/containerd.service.d/10-otel.conf';
  const unit = `[Service]
${containerdVariables}`;
  if (install === 'local') return ownCluster;
  if (version !== undefined && !atLeast(version, 1, 7)) {
    return 'containerd 1.7 or later, upstream: how 1.6 traces differs from build to build';
  }
  if (install === 'kind') {
    return `the cluster has to be made anew. In a file ./10-otel.conf beside the cluster's configuration:
${indent(unit)}
in that configuration, for every node:
${indent(`extraMounts:
- {hostPath: ./10-otel.conf, containerPath: ${dropIn}, readOnly: true}`)}`;
  }
  const managed = install === 'managed' ? 'where you may change the node: ' : '';
  return `${managed}on the node, ${dropIn}:
${indent(unit)}
then: systemctl daemon-reload && systemctl restart containerd   # containers keep running`;
}

/** The change that turns tracing of CRI-O on. */
export function crioFix(install: Install): string {
  const managed = install === 'managed' ? 'where you may change the node: ' : '';
  return `${managed}on the node, /etc/crio/crio.conf.d/10-tracing.conf:
${indent(`[crio.tracing]
enable_tracing = true
tracing_endpoint = "127.0.0.1:4317"
tracing_sampling_rate_per_million = 0`)}
then: systemctl restart crio`;
}

/** The same where it cannot be seen whether it is on. */
export function ifOff(fix: string): string {
  return `if it is off: ${fix}`;
}

function indent(text: string, columns = 2): string {
  return text
    .split('\n')
    .map((line) => `${' '.repeat(columns)}${line}`)
    .join('\n');
}
