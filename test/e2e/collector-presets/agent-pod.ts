import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { kubectl, kubectlApply } from '../../support/cluster.ts';

const namespace = 'kube-latency-node';
const name = 'presets';
const config = fileURLToPath(new URL('../../../collector-config/', import.meta.url));

/**
 * Runs agent.yaml with features over it as a pod on a node, in a network of its own beside the node's real agent. It
 * sends to the cluster's gateway, and has of the host what the features' heads ask for.
 */
export async function runAgentPod(
  features: readonly string[],
  { node, account }: { readonly node: string; readonly account: string },
): Promise<void> {
  const files = ['agent.yaml', ...features.map((feature) => `features/${feature}`)];
  await kubectl([
    '--namespace',
    namespace,
    'create',
    'configmap',
    name,
    ...files.map((file) => `--from-file=${config}${file}`),
  ]);
  await kubectlApply(stringify(pod(['agent.yaml', ...features], node, account)));
  const wait = ['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s'];
  await kubectl(['--namespace', namespace, ...wait]);
}

/** What it says of itself. */
export function agentPodLog(): Promise<string> {
  return kubectl(['--namespace', namespace, 'logs', name]);
}

export async function removeAgentPod(): Promise<void> {
  await kubectl([
    '--namespace',
    namespace,
    'delete',
    '--ignore-not-found',
    `pod/${name}`,
    `configmap/${name}`,
  ]);
}

function pod(files: readonly string[], node: string, account: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: {
      nodeName: node,
      serviceAccountName: account,
      tolerations: [{ operator: 'Exists' }],
      // Logs of containers are readable by root and by group 0.
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        fsGroup: 65_532,
        supplementalGroups: [0],
      },
      containers: [
        {
          name: 'collector',
          image: 'localhost/kube-latency/otelcol:0.1.0',
          imagePullPolicy: 'Never',
          args: files.map((file) => `--config=/etc/otelcol/${file}`),
          env: [
            { name: 'K8S_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
            { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
            { name: 'K8S_CLUSTER_NAME', value: 'cluster-of-the-test' },
            { name: 'KUBELET_ENDPOINT', value: '$(HOST_IP):10250' },
            { name: 'KUBELET_STATS_INTERVAL', value: '5s' },
            { name: 'HOST_METRICS_INTERVAL', value: '5s' },
            { name: 'GATEWAY_ENDPOINT', value: 'gateway.kube-latency.svc:4317' },
            { name: 'GATEWAY_CA_FILE', value: '/tls/ca.crt' },
            { name: 'GATEWAY_CERT_FILE', value: '/tls/tls.crt' },
            { name: 'GATEWAY_KEY_FILE', value: '/tls/tls.key' },
            { name: 'STORAGE_DIR', value: '/queue' },
          ],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [
            { name: 'config', mountPath: '/etc/otelcol', readOnly: true },
            { name: 'tls', mountPath: '/tls', readOnly: true },
            { name: 'queue', mountPath: '/queue' },
            { name: 'logs', mountPath: '/var/log/pods', readOnly: true },
            {
              name: 'host',
              mountPath: '/hostfs',
              readOnly: true,
              mountPropagation: 'HostToContainer',
            },
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name } },
        { name: 'tls', secret: { secretName: 'agent-tls', defaultMode: 0o440 } },
        { name: 'queue', emptyDir: {} },
        { name: 'logs', hostPath: { path: '/var/log/pods', type: 'Directory' } },
        { name: 'host', hostPath: { path: '/', type: 'Directory' } },
      ],
    },
  };
}
