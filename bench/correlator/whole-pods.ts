import { createHash } from 'node:crypto';

const nodes = 50;
const namespaces = 40;
const startedAt = '2026-01-05T08:00:09Z';

/** Pods as an API server gives them whole, some 9 kB of JSON each, spread over nodes n0 to n49. */
export function wholePods(count: number) {
  return Array.from({ length: count }, (_, index) => wholePod(index));
}

function wholePod(index: number) {
  const workload = `service-${index % 200}`;
  const name = `${workload}-7d9c5b6f48-${hex(`name ${index}`, 5)}`;
  const containers = ['app', 'proxy'];
  return {
    metadata: {
      name,
      generateName: `${workload}-7d9c5b6f48-`,
      namespace: `team-${index % namespaces}`,
      uid: uid(`pod ${index}`),
      resourceVersion: String(100_000 + index),
      generation: 1,
      creationTimestamp: '2026-01-05T08:00:00Z',
      labels: {
        app: workload,
        'app.kubernetes.io/name': workload,
        'app.kubernetes.io/version': `1.${index % 30}.0`,
        'app.kubernetes.io/managed-by': 'Helm',
        'pod-template-hash': '7d9c5b6f48',
      },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'checksum/config': hex(`config ${index}`, 64),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${workload}-7d9c5b6f48`,
          uid: uid(`set ${index % 200}`),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: ['kube-controller-manager', 'kubelet'].map((manager) => ({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-05T08:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: fields(containers),
      })),
    },
    spec: {
      nodeName: `n${index % nodes}`,
      volumes: [
        ...Array.from({ length: 4 }, (_, n) => ({
          name: `config-${n}`,
          configMap: { name: `${workload}-config-${n}`, defaultMode: 420 },
        })),
        {
          name: `kube-api-access-${hex(`token ${index}`, 5)}`,
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              {
                configMap: {
                  name: 'kube-root-ca.crt',
                  items: [{ key: 'ca.crt', path: 'ca.crt' }],
                },
              },
            ],
          },
        },
      ],
      containers: containers.map((container) => containerSpec(container, workload)),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      serviceAccountName: workload,
      tolerations: ['not-ready', 'unreachable'].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    },
    status: {
      phase: 'Running',
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: startedAt,
      })),
      hostIP: '10.0.0.1',
      podIP: `10.1.${index >> 8}.${index & 255}`,
      podIPs: [{ ip: `10.1.${index >> 8}.${index & 255}` }],
      startTime: '2026-01-05T08:00:00Z',
      containerStatuses: containers.map((container) => ({
        name: container,
        state: { running: { startedAt } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: `registry.example.com/${workload}/${container}:1.0.0`,
        imageID: `registry.example.com/${workload}/${container}@sha256:${hex(workload, 64)}`,
        containerID: `containerd://${hex(`${container} ${index}`, 64)}`,
        started: true,
      })),
      qosClass: 'Burstable',
    },
  };
}

function containerSpec(name: string, workload: string) {
  const probe = {
    httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    name,
    image: `registry.example.com/${workload}/${name}:1.0.0`,
    args: ['--config=/etc/config/main.yaml', '--listen=0.0.0.0:8080', '--log-level=info'],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 12 }, (_, n) => ({
      name: `SETTING_${n}`,
      value: `a value of ${workload} that is not short, ${n}`,
    })),
    resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: Array.from({ length: 4 }, (_, n) => ({
      name: `config-${n}`,
      mountPath: `/etc/config/${n}`,
      readOnly: true,
    })),
    livenessProbe: probe,
    readinessProbe: probe,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
}

function fields(containers: readonly string[]) {
  const keys = ['name', 'image', 'args', 'env', 'ports', 'resources', 'livenessProbe'];
  const each = Object.fromEntries(keys.map((key) => [`f:${key}`, { '.': {} }]));
  return {
    'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {} } },
    'f:spec': Object.fromEntries(
      containers.map((container) => [`k:{"name":"${container}"}`, { '.': {}, ...each }]),
    ),
    'f:status': {
      'f:conditions': Object.fromEntries(
        ['Ready', 'Initialized', 'ContainersReady'].map((type) => [
          `k:{"type":"${type}"}`,
          { '.': {}, 'f:lastProbeTime': {}, 'f:lastTransitionTime': {}, 'f:status': {} },
        ]),
      ),
    },
  };
}

function hex(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function uid(text: string): string {
  return hex(text, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
