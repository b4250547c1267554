import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { roadSecretNames } from '../../../local/cluster/road-secrets.ts';
import { at, load, readText } from '../collector-config/load.ts';
import {
  allContainers,
  bytes,
  collectorFiles,
  container,
  rendered,
  root,
  variable,
  workload,
  workloads,
  type Container,
} from './objects.ts';
import { violations } from './restricted.ts';
import packageJson from '../../../package.json' with { type: 'json' };

/** Containers that serve nothing a kubelet could ask for, or end by themselves. */
const withoutProbes = ['pod-prober', 'viewer'];
/** Made by `kube-latency up` or `secrets`, by cert-manager or by an administrator. */
const secrets = [...roadSecretNames.map(([, secret]) => secret), 'prober-kubeconfig'];
/** What stands behind the gateway, by rendering. */
const backendsOf: Readonly<Record<string, readonly string[]>> = {
  kind: ['jaeger', 'prometheus'],
  'kind-grafana': ['jaeger', 'prometheus', 'tempo', 'loki', 'grafana'],
};
/** Of an exact version, with a digest once it is pinned. */
const backendTag =
  /^(jaegertracing\/jaeger:|prom\/prometheus:v|grafana\/\w+:)\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/;
const agents = ['DaemonSet agent', 'DaemonSet agent-control-plane'];
const nodePinger = 'DaemonSet rtt-pinger-node';
const operator = 'Deployment operator';
const mesh = ['DaemonSet rtt-pinger', 'Deployment rtt-aggregator'];

function readsPodLogs(each: Container): boolean {
  return collectorFiles(each).includes('features/pod-logs.yaml');
}

function asksTheCluster(each: Container): boolean {
  const events = collectorFiles(each).includes('features/kubernetes-events.yaml');
  return events || readsPodLogs(each);
}

for (const [name, objects] of Object.entries(rendered)) {
  describe(`the pods of manifests, ${name}`, () => {
    const all = workloads(objects);

    it('are those of agents, gateway, prober and mesh, on kind of the backends, and of the operator where it is', () => {
      const gateway = name === 'everything' ? 'StatefulSet gateway' : 'Deployment gateway';
      const more = name === 'everything' ? ['Deployment pod-prober', nodePinger, operator] : [];
      const backends = (backendsOf[name] ?? []).map((backend) => `Deployment ${backend}`);
      assert.deepEqual(
        all.map(({ title }) => title).toSorted(),
        ['CronJob pod-prober', ...agents, gateway, ...mesh, ...more, ...backends].toSorted(),
      );
    });

    it('ask for CPU and memory, and are limited in memory alone', () => {
      for (const each of all.flatMap(allContainers)) {
        assert.deepEqual(Object.keys(each.resources.requests).toSorted(), ['cpu', 'memory']);
        assert.deepEqual(Object.keys(each.resources.limits), ['memory'], each.name);
        assert.ok(
          bytes(each.resources.limits['memory']!) >= bytes(each.resources.requests['memory']!),
        );
      }
    });

    it('have read-only roots', () => {
      for (const each of all.flatMap(allContainers))
        assert.equal(each.securityContext.readOnlyRootFilesystem, true, each.name);
    });

    it('pass the restricted level, but for what is on the nodes’ network in what is named', () => {
      const metricsPort = ['collector: hostPort 8888'];
      const exceptions = [
        'hostNetwork',
        'hostPath queue',
        'collector: host of probes',
        'collector: hostPort 13133',
        'collector: hostPort 4317',
        'collector: hostPort 4337',
        ...metricsPort,
        'correlator: host of probes',
        'correlator: hostPort 4327',
        'correlator: hostPort 4328',
        'hostPath log-tailer-state',
        'hostPath node-logs',
        'hostPath node-release',
        'hostPath node-run-log',
        'log-tailer: hostPort 2112',
        'log-tailer: runAsNonRoot',
        'log-tailer: runAsUser',
        'own-queue: capability CHOWN',
        'own-queue: runAsNonRoot',
        'own-queue: runAsUser',
      ].toSorted();

      const named: Readonly<Record<string, readonly string[]>> = {
        ...Object.fromEntries(agents.map((title) => [title, exceptions])),
        [nodePinger]: [
          'hostNetwork',
          'rtt-pinger-node: hostPort 8861',
          'rtt-pinger-node: hostPort 8863',
        ],
      };

      for (const each of all) {
        const logs = each.pod.containers.some(readsPodLogs) ? ['hostPath pod-logs'] : [];
        const expected = [...(named[each.title] ?? []), ...logs].toSorted();
        assert.deepEqual(violations(each), expected, each.title);
      }
    });

    it('have all three probes, where they serve and stay', () => {
      for (const { pod, title } of all)
        for (const each of pod.containers) {
          const probes = [each.startupProbe, each.readinessProbe, each.livenessProbe];
          const expected = withoutProbes.includes(each.name) ? 0 : 3;
          assert.equal(probes.filter(Boolean).length, expected, `${title} ${each.name}`);
        }
    });

    it('probe ports that the container has', () => {
      for (const each of all.flatMap(({ pod }) => pod.containers))
        for (const probe of [each.startupProbe, each.readinessProbe, each.livenessProbe]) {
          if (probe === undefined) continue;
          const port = (probe.httpGet ?? probe.tcpSocket)?.port;
          assert.ok(
            each.ports?.some((own) => own.name === port || own.containerPort === port),
            `${each.name} ${port}`,
          );
        }
    });

    it('have no token of the API server, but for the prober, the correlator, the log tailer, the mesh, the operator and layers that watch pods', () => {
      for (const { title, pod } of all) {
        const prober = title.endsWith('pod-prober') && !hasKubeconfig(pod);
        const usesAccount = prober || [...mesh, nodePinger, operator].includes(title);
        assert.equal(pod.automountServiceAccountToken, usesAccount, title);
        for (const each of pod.containers) {
          const mounted = each.volumeMounts?.some(({ mountPath }) =>
            mountPath.startsWith('/var/run/secrets/kubernetes.io'),
          );
          const asks = ['correlator', 'log-tailer'].includes(each.name) || asksTheCluster(each);
          assert.equal(mounted === true, asks, `${title} ${each.name}`);
        }
      }
    });

    it('run as accounts that are there', () => {
      for (const { object, pod } of all)
        assert.ok(
          objects.some(
            ({ kind, metadata }) =>
              kind === 'ServiceAccount' &&
              metadata.name === pod.serviceAccountName &&
              metadata.namespace === object.metadata.namespace,
          ),
          pod.serviceAccountName,
        );
    });

    it('mount volumes that are there, each of them somewhere', () => {
      for (const each of all) {
        const mounted = allContainers(each).flatMap(({ volumeMounts = [] }) =>
          volumeMounts.map((mount) => mount.name),
        );
        const claimed = (each.object.spec.volumeClaimTemplates ?? []) as {
          metadata: { name: string };
        }[];
        const volumes = [
          ...(each.pod.volumes ?? []).map((volume) => volume.name),
          ...claimed.map(({ metadata }) => metadata.name),
        ];
        assert.deepEqual([...new Set(mounted)].toSorted(), volumes.toSorted(), each.title);
      }
    });

    it('name ConfigMaps, keys, claims and Secrets that are there', () => {
      for (const { object, pod } of all) {
        const here = objects.filter(
          ({ metadata }) => metadata.namespace === object.metadata.namespace,
        );
        const maps = here.filter(({ kind }) => kind === 'ConfigMap');
        for (const { configMap, secret, persistentVolumeClaim: claim } of pod.volumes ?? []) {
          if (configMap) assert.ok(maps.some(({ metadata }) => metadata.name === configMap.name));
          if (secret) assert.ok(secrets.includes(secret.secretName), secret.secretName);
          if (claim)
            assert.ok(
              here.some(
                ({ kind, metadata }) =>
                  kind === 'PersistentVolumeClaim' && metadata.name === claim.claimName,
              ),
            );
        }
        for (const { env = [] } of pod.containers)
          for (const { valueFrom } of env) {
            const wanted = valueFrom?.configMapKeyRef;
            if (wanted === undefined || wanted.optional === true) continue;
            const map = maps.find(({ metadata }) => metadata.name === wanted.name);
            assert.ok(map?.data?.[wanted.key], `${wanted.name} ${wanted.key}`);
          }
      }
    });

    it('have images of an exact tag', () => {
      const ours = `:${packageJson.version}`;
      for (const { image } of all.flatMap(allContainers))
        assert.ok(
          image.endsWith(ours) || image === upstreamCollector() || backendTag.test(image),
          image,
        );
    });

    it('stay when a node gets crowded, but for the prober’s, which are scheduled as any other', () => {
      for (const { title, pod } of all)
        assert.equal(
          pod.priorityClassName,
          title.endsWith('pod-prober') ? undefined : 'kube-latency',
          title,
        );
    });

    it('run the collector with every variable that its configuration has no default for', () => {
      for (const { title, pod, object } of all)
        for (const each of pod.containers) {
          const layers = collectorFiles(each);
          assert.equal(layers.length > 0, each.name === 'collector', title);
          const read = layers.length > 0 ? JSON.stringify(load(layers)) : '';
          const needed = [...read.matchAll(/\$\{env:([A-Z0-9_]+)\}/g)].map(
            ([, variableName]) => variableName,
          );
          const maps = (each.envFrom ?? []).map(({ configMapRef }) =>
            objects.find(
              ({ kind, metadata }) =>
                kind === 'ConfigMap' &&
                metadata.name === configMapRef.name &&
                metadata.namespace === object.metadata.namespace,
            ),
          );
          const given = [
            ...(each.env ?? []).map((entry) => entry.name),
            ...maps.flatMap((map) => Object.keys(map?.data ?? {})),
          ];
          assert.deepEqual(
            needed.filter((wanted) => !given.includes(wanted!)),
            [],
          );
        }
    });

    it('run the collector with files that its ConfigMap has, each once', () => {
      for (const { pod, object, title } of all)
        for (const each of pod.containers) {
          const mapped = pod.volumes?.find((volume) => volume.name === 'config')?.configMap?.name;
          const map = objects.find(
            ({ kind, metadata }) =>
              kind === 'ConfigMap' &&
              metadata.name === mapped &&
              metadata.namespace === object.metadata.namespace,
          );
          const names = collectorFiles(each).map((file) => file.replace('features/', ''));
          assert.equal(new Set(names).size, names.length, title);
          for (const file of names) assert.ok(map?.data?.[file], `${title} ${file}`);
        }
    });

    it('give the collector’s heap 80 % of its memory at most, and no less than its limiter lets through', () => {
      for (const each of all) {
        if (!each.pod.containers.some((own) => own.name === 'collector')) continue;
        const collector = container(each, 'collector');
        const file = collector.args?.[0]?.split('/').at(-1) ?? '';
        const limit = String(at(load([file]).processors, 'memory_limiter', 'limit_mib'));
        const limiter = Number(/:-(\d+)}$/.exec(limit)?.[1]);
        const heap = bytes(variable(collector, 'GOMEMLIMIT')!);
        assert.ok(heap <= 0.8 * bytes(collector.resources.limits['memory']!), each.title);
        assert.ok(heap >= limiter * 1024 ** 2, each.title);
      }
    });
  });
}

describe('the agents of manifests', () => {
  const objects = rendered['local']!;

  it('are on every node, whatever its taints, once', () => {
    const operators = agents.map((title) => {
      const { pod } = workload(objects, title);
      assert.deepEqual(pod.tolerations, [{ operator: 'Exists' }]);
      const [term] = (pod.affinity as Affinity).nodeAffinity
        .requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
      const [expression] = term!.matchExpressions;
      assert.equal(expression!.key, 'node-role.kubernetes.io/control-plane');
      return expression!.operator;
    });

    assert.deepEqual(operators, ['DoesNotExist', 'Exists']);
  });

  it('join spans of API server and etcd on the control plane’s nodes alone', () => {
    const roles = agents.map((title) =>
      variable(container(workload(objects, title), 'correlator'), 'KUBE_LATENCY_CORRELATOR_ROLE'),
    );

    assert.deepEqual(roles, ['node', 'node,control-plane']);
  });

  it('differ in nothing else', () => {
    const [one, other] = agents.map((title) => {
      const { affinity: _, ...pod } = workload(objects, title).pod;
      return JSON.stringify(pod).replace('node,control-plane', 'node');
    });

    assert.equal(one, other);
  });

  it('choose their own pods', () => {
    const selectors = agents.map((title) => {
      const { object, template } = workload(objects, title);
      const selector = object.spec.selector.matchLabels as Record<string, string>;
      for (const [key, value] of Object.entries(selector))
        assert.equal(template.metadata.labels[key], value);
      return selector['kube-latency/node-role'];
    });

    assert.deepEqual(selectors, ['worker', 'control-plane']);
  });

  it('are replaced one at a time, without a second one on a node', () => {
    for (const title of agents)
      assert.deepEqual(workload(objects, title).object.spec.updateStrategy, {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      });
  });

  it('find the gateway by name from the host’s network', () => {
    for (const title of agents)
      assert.equal(workload(objects, title).pod.dnsPolicy, 'ClusterFirstWithHostNet');
  });
});

describe('manifests/overlays/local', () => {
  it('pulls nothing', () => {
    for (const each of workloads(rendered['local']!).flatMap(allContainers)) {
      assert.equal(each.imagePullPolicy, 'Never', each.name);
      assert.match(each.image, /^localhost\/kube-latency\//);
    }
  });
});

describe('collector-config/kustomization.yaml', () => {
  it('has every feature beside the configuration that it is laid over', () => {
    const features = readdirSync(new URL('collector-config/features/', root));
    const maps = rendered['kind']!.filter(({ metadata }) =>
      metadata.name.startsWith('collector-config'),
    );

    for (const feature of features) {
      const [, file = ''] = /laid over (\w+\.yaml)/i.exec(readText(`features/${feature}`)) ?? [];
      const keys = maps
        .map(({ data = {} }) => Object.keys(data))
        .find((each) => each.includes(file));
      assert.ok(keys?.includes(feature), feature);
    }
  });
});

interface Affinity {
  readonly nodeAffinity: {
    readonly requiredDuringSchedulingIgnoredDuringExecution: {
      readonly nodeSelectorTerms: readonly {
        readonly matchExpressions: readonly { readonly key: string; readonly operator: string }[];
      }[];
    };
  };
}

function hasKubeconfig({
  volumes = [],
}: {
  readonly volumes?: readonly { name: string }[];
}): boolean {
  return volumes.some(({ name }) => name === 'kubeconfig');
}

/** The upstream image of the version that ours is built from. */
function upstreamCollector(): string {
  const [, version] = /^ {2}version: (\S+)$/m.exec(readText('builder.yaml')) ?? [];
  return `otel/opentelemetry-collector-contrib:${version}`;
}
