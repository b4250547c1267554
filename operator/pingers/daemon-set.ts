import { createHash } from 'node:crypto';

import { managedBy, proberUidLabel } from '../controller/core/config-map.ts';
import { selectorText, selects, type Labels } from '../label-selector.ts';
import {
  proberAnnotation,
  proberKey,
  sidecarNames,
  type ProberSpec,
  type ValidProber,
} from '../network-prober.ts';

/** A DaemonSet as it is to be. */
export interface WantedDaemonSet {
  readonly name: string;
  readonly object: object;
  /** Of what it is to be. */
  readonly hash: string;
}

/** What matters of one that is there and is the operator's. */
export interface DaemonSetFacts {
  readonly name: string;
  readonly proberUid: string;
  /** Of what it was to be when it was written. */
  readonly hash: string;
  /** Pods that are to run, and those that do. */
  readonly desired: number;
  readonly ready: number;
}

export interface DaemonSetInput {
  readonly prober: ValidProber;
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** Where it is to run: the operator's. */
  readonly namespace: string;
  /** Its pods may list pods and nodes as this one. */
  readonly serviceAccount: string;
}

const hashAnnotation = 'probes.bigmikes.io/wanted';
const configAnnotation = 'probes.bigmikes.io/pinger-config';
const user = 65_532;
/** A pinger waits for an answer no longer. */
const mostIntervals = 60;

/** Name of the label `app.kubernetes.io/name` of all of them and their pods. */
const pingersName = 'network-prober-pinger';

/** One pinger a node that asks the selected pods. Its configuration comes with the pod, which is rolled where it changes. */
export function wantedDaemonSet(input: DaemonSetInput): WantedDaemonSet {
  const { prober, namespace, serviceAccount } = input;
  const name = nameOf(prober);
  const labels = {
    'app.kubernetes.io/name': pingersName,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/part-of': 'kube-latency',
  };
  const ours = { [managedBy.key]: managedBy.value, [proberUidLabel]: prober.uid };
  const spec = {
    selector: { matchLabels: { 'app.kubernetes.io/instance': name } },
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' },
    },
    template: {
      metadata: {
        labels,
        annotations: {
          [proberAnnotation]: proberKey(prober),
          [configAnnotation]: JSON.stringify(pingerConfig(input)),
        },
      },
      spec: podSpec(prober.spec, serviceAccount),
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...ours },
      annotations: { [proberAnnotation]: proberKey(prober), [hashAnnotation]: hash },
    },
    spec,
  };
  return { name, object, hash };
}

/** Names of NetworkProbers are longer than those of DaemonSets may be. */
function nameOf(prober: ValidProber): string {
  const hash = createHash('sha256').update(proberKey(prober)).digest('hex').slice(0, 10);
  return `${pingersName}-${hash}`;
}

/** The rtt-pinger's configuration. */
export function pingerConfig({ prober, namespaces }: DaemonSetInput): object {
  const { spec } = prober;
  const { podSelector, namespaceSelector, topology } = spec;
  const selector = selectorText(podSelector);
  const selected =
    namespaceSelector &&
    [...namespaces]
      .filter(([, labels]) => selects(namespaceSelector, labels))
      .map(([name]) => name)
      .toSorted();
  const protocols = spec.protocols ?? ['icmp'];
  const intervalMs = Number(spec.pollingPeriod) / 1e6;
  return {
    protocols,
    interval: `${intervalMs}ms`,
    timeout: `${Math.min(1000, mostIntervals * intervalMs)}ms`,
    peers: {
      kubernetes: {
        families: 'first',
        pods: [
          {
            ...(selected === undefined ? {} : { namespaces: selected }),
            ...(selector === '' ? {} : { selector }),
          },
        ],
      },
    },
    ports: {
      ping: spec.httpPort,
      metrics: spec.httpPrometheusPort,
      tcp: spec.httpPort,
      http: spec.httpPort,
    },
    mesh: { full: topology.maxPeers * protocols.length },
    maxPairs: topology.maxPeers,
  };
}

/** As in manifests/components/rtt, which says why. */
const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size', '--no-turbofan'];
const givingBack = [
  { name: 'MALLOC_ARENA_MAX', value: '1' },
  { name: 'MALLOC_TRIM_THRESHOLD_', value: '65536' },
  { name: 'MALLOC_MMAP_THRESHOLD_', value: '16384' },
  { name: 'MALLOC_TOP_PAD_', value: '16384' },
];

function podSpec({ agentImage, httpPort, httpPrometheusPort }: ProberSpec, serviceAccount: string) {
  const health = { port: sidecarNames.metricsPort, path: '/healthz' };
  const fromField = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    tolerations: [{ operator: 'Exists' }],
    // It stops within 5 s.
    terminationGracePeriodSeconds: 15,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
      sysctls: [{ name: 'net.ipv4.ping_group_range', value: `${user} ${user}` }],
    },
    containers: [
      {
        name: sidecarNames.container,
        image: agentImage,
        imagePullPolicy: 'IfNotPresent',
        args: [...smallHeap, '/app/rtt-pinger/main.mjs', '--config=/etc/rtt-pinger/config.json'],
        env: [
          ...givingBack,
          fromField('K8S_NODE_NAME', 'spec.nodeName'),
          fromField('K8S_NAMESPACE_NAME', 'metadata.namespace'),
          fromField('K8S_POD_NAME', 'metadata.name'),
        ],
        ports: [
          { name: sidecarNames.pingPort, containerPort: httpPort, protocol: 'TCP' },
          { name: sidecarNames.metricsPort, containerPort: httpPrometheusPort, protocol: 'TCP' },
        ],
        startupProbe: {
          httpGet: health,
          periodSeconds: 1,
          timeoutSeconds: 3,
          failureThreshold: 60,
        },
        readinessProbe: {
          httpGet: { ...health, path: '/readyz' },
          periodSeconds: 5,
          timeoutSeconds: 3,
        },
        livenessProbe: {
          httpGet: health,
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        // No CPU limit: throttling would be measured as latency.
        resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '192Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'config', mountPath: '/etc/rtt-pinger', readOnly: true }],
      },
    ],
    volumes: [
      {
        name: 'config',
        downwardAPI: {
          items: [
            {
              path: 'config.json',
              fieldRef: {
                apiVersion: 'v1',
                fieldPath: `metadata.annotations['${configAnnotation}']`,
              },
            },
          ],
        },
      },
    ],
  };
}

interface DaemonSetObject {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly desiredNumberScheduled?: number; readonly numberReady?: number };
}

/** Reads a DaemonSet as the API server gives it; nothing for one that is not the operator's. */
export function daemonSetFacts(object: unknown): readonly DaemonSetFacts[] {
  const { metadata = {}, status = {} } = object as DaemonSetObject;
  const { name, labels = {}, annotations = {} } = metadata;
  const proberUid = labels[proberUidLabel];
  if (name === undefined || proberUid === undefined || labels[managedBy.key] !== managedBy.value)
    return [];
  return [
    {
      name,
      proberUid,
      hash: annotations[hashAnnotation] ?? '',
      desired: status.desiredNumberScheduled ?? 0,
      ready: status.numberReady ?? 0,
    },
  ];
}
