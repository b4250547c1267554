import assert from 'node:assert/strict';
import { cluster, kubectl, kubectlApply, tryKubectl } from '../support/cluster.ts';
import { lastingObjects } from '../support/cluster-objects.ts';
import { eventually } from '../support/eventually.ts';
import { withKustomization } from '../support/kustomize.ts';
import { applyAsUp, rolledOut } from '../support/rollout.ts';
import { sampleYaml } from '../support/network-probers.ts';
import { start } from '../support/command.ts';

const [here, there] = ['net-prober-here', 'net-prober-there'] as const;
const ours = 'localhost/kube-latency/kube-latency:0.1.0';
const busybox = 'localhost/kube-latency/busybox:1';
const operatorNamespace = ['--namespace', 'kube-latency'];
const soon = { withinMs: 60_000, everyMs: 200 };

interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
}

describe('NetworkProbers', function () {
  this.timeout(180_000);
  let objects: readonly string[] | undefined;

  before('lays the operator over the local overlay', async function () {
    this.timeout(300_000);
    await cluster();
    objects = await lastingObjects();
    const component = { resources: ['overlays/local'], components: ['components/operator'] };
    await withKustomization(component, applyAsUp);
    await rolledOut('kube-latency', 'deployment/operator');
    for (const namespace of [here, there]) {
      await kubectl(['create', 'namespace', namespace]);
      await kubectl(['label', 'namespace', namespace, 'probes.bigmikes.io/injection=enabled']);
    }
  });

  after(async () => {
    if (objects === undefined) return;
    for (const namespace of [here, there])
      await kubectl(['delete', 'namespace', namespace, '--ignore-not-found']);
    const { kubeconfig } = await cluster();
    await kubectl([...operatorNamespace, 'delete', 'deployment/operator', '--ignore-not-found']);
    const args = ['operator/main.ts', '--remove', `--kubeconfig=${kubeconfig}`];
    const removed = await start(process.execPath, args).finished;
    await kubectl(['delete', '--ignore-not-found', '--kustomize=manifests/operator']);
    await kubectl(['delete', '--ignore-not-found', '--kustomize=manifests/crd']);
    const left = await kubectl([...operatorNamespace, 'get', 'configmaps', '--output=name']);
    for (const name of left.split('\n').filter((each) => each.startsWith('configmap/operator-')))
      await kubectl([...operatorNamespace, 'delete', name]);
    assert.equal(removed.code, 0, removed.stderr);
    await eventually(async () => assert.deepEqual(await lastingObjects(), objects), {
      withinMs: 60_000,
    });
  });

  /** The sample, with an image that the nodes have. */
  const sample = (more = ''): string =>
    `${sampleYaml.replace(/agentImage: .*/, `agentImage: ${ours}`)}${more}`;

  async function applySample(more?: string): Promise<void> {
    await kubectlApply(sample(more).replace('metadata:', `metadata:\n  namespace: ${here}`));
  }

  async function run(namespace: string, name: string): Promise<void> {
    // A shell that is process 1 hears no SIGTERM.
    const overrides = `--overrides=${JSON.stringify({ spec: { terminationGracePeriodSeconds: 1 } })}`;
    const labels = '--labels=app=net-prober';
    const args = ['run', name, `--image=${busybox}`, labels, overrides, '--restart=Always'];
    await kubectl(['--namespace', namespace, ...args, '--', 'sleep', '3600']);
  }

  async function podOf(namespace: string, name: string): Promise<Pod> {
    const path = '{.status.podIP} {.status.conditions[?(@.type=="Ready")].status}';
    const args = ['--namespace', namespace, 'get', 'pod', name, `--output=jsonpath=${path}`];
    const [address = '', ready] = (await kubectl(args)).split(' ');
    assert.equal(ready, 'True');
    return { namespace, name, address };
  }

  /** Destinations that a pod's sidecar has measured, by label. */
  async function measuredBy({ namespace, name }: Pod): Promise<string[]> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}:1222/proxy/metrics`;
    const page = await kubectl(['get', '--raw', path]);
    const count = /^netprober_interpod_latency_s_count\{(.*)\} ([1-9]\d*)$/gm;
    return [...page.matchAll(count)].map(([, labels = '']) => labels).toSorted();
  }

  const labelsOf = (pods: readonly Pod[]): string[] =>
    pods.map(({ name, address }) => `dest_pod_name="${name}",dest_ip="${address}"`).toSorted();

  it('take the sample unchanged', async () => {
    await kubectlApply(sampleYaml);

    const stored = await kubectl([
      'get',
      'npr/networkprober-sample',
      '--output=jsonpath={.spec.agentImage}',
    ]);
    assert.equal(stored, 'bigmikes/kube-net-prober:test-version-v8');
    await kubectl(['delete', 'npr/networkprober-sample', '--timeout=30s']);
  });

  it('try the image on every node, and say when new pods get it', async () => {
    await applySample();

    await eventually(async () => {
      const path = '{.status.conditions[*].type} {.status.conditions[*].status}';
      const args = [
        '--namespace',
        here,
        'get',
        'npr/networkprober-sample',
        `--output=jsonpath=${path}`,
      ];
      const said = 'Ready Degraded ImagePulled Injecting True False True True';
      assert.equal(await kubectl(args), said);
    }, soon);
  });

  it('put a sidecar into new pods of two namespaces within 15 s, which know and measure each other', async () => {
    const beginMs = performance.now();
    await Promise.all([run(here, 'one'), run(there, 'two')]);
    const pods = await eventually(
      () => Promise.all([podOf(here, 'one'), podOf(there, 'two')]),
      soon,
    );
    const readyS = (performance.now() - beginMs) / 1000;

    const [one, two] = pods;
    await eventually(async () => {
      assert.deepEqual(await measuredBy(one), labelsOf([two]));
      assert.deepEqual(await measuredBy(two), labelsOf([one]));
    }, soon);
    const measuredS = (performance.now() - beginMs) / 1000;
    console.error(
      `      ready after ${readyS.toFixed(1)} s, measured after ${measuredS.toFixed(1)} s`,
    );
    assert.ok(measuredS < 15, `${readyS} ${measuredS}`);
  });

  it('tell running agents of a new pod in seconds, though kubelets look at volumes once a minute', async () => {
    const pods = await Promise.all([podOf(here, 'one'), podOf(there, 'two')]);
    await run(there, 'three');
    const three = await eventually(() => podOf(there, 'three'), { ...soon, everyMs: 50 });
    const beginMs = performance.now();

    const knowing = await Promise.all(
      pods.map(async (pod) => {
        await eventually(
          async () => {
            const page = await kubectl([
              'get',
              '--raw',
              `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}:1222/proxy/metrics`,
            ]);
            const peers = /^kube_latency_rtt_targets (\d+)$/m.exec(page)?.[1];
            // Two peers by ICMP and HTTP.
            assert.equal(peers, '4');
          },
          { ...soon, everyMs: 50 },
        );
        return (performance.now() - beginMs) / 1000;
      }),
    );

    console.error(
      `      known to running agents ${knowing.map((s) => s.toFixed(1)).join(' and ')} s after it was ready (${three.address})`,
    );
    assert.ok(Math.max(...knowing) < 10, knowing.join(' '));
  });

  it('tell in the status who measures whom', async () => {
    await eventually(async () => {
      const args = ['--namespace', here, 'get', 'npr/networkprober-sample', '--output=json'];
      const { status } = JSON.parse(await kubectl(args)) as {
        status: { pods: string[]; missed: number; conditions: { type: string; status: string }[] };
      };
      assert.deepEqual(status.pods, [`${here}/one`, `${there}/three`, `${there}/two`]);
      assert.equal(status.missed, 0);
      const said = status.conditions.map(({ type, status: is }) => `${type} ${is}`);
      assert.deepEqual(said, [
        'Ready True',
        'Degraded False',
        'ImagePulled True',
        'Injecting True',
      ]);
    }, soon);
  });

  it('let a Job with a sidecar complete', async () => {
    await kubectlApply(`apiVersion: batch/v1
kind: Job
metadata: { name: short, namespace: ${there} }
spec:
  template:
    metadata: { labels: { app: net-prober } }
    spec:
      restartPolicy: Never
      containers: [{ name: work, image: '${busybox}', command: [sleep, '3'] }]
`);

    await kubectl([
      '--namespace',
      there,
      'wait',
      '--for=condition=Complete',
      'job/short',
      '--timeout=60s',
    ]);
    const path = '{.items[0].spec.initContainers[*].name}';
    const args = [
      '--namespace',
      there,
      'get',
      'pods',
      '--selector=job-name=short',
      `--output=jsonpath=${path}`,
    ];
    assert.match(await kubectl(args), /net-prober/);
  });

  it('are gone with all that they made, and agents have nobody to ask', async () => {
    const one = await podOf(here, 'one');
    await kubectl(['--namespace', here, 'delete', 'npr/networkprober-sample', '--timeout=30s']);

    for (const namespace of [here, there])
      await eventually(async () => {
        const found = await tryKubectl([
          '--namespace',
          namespace,
          'get',
          'configmap',
          'networkprober-sample',
        ]);
        assert.match(found.stderr, /NotFound/);
      }, soon);
    // Nobody touches the pods for that: kubelets see it when they look.
    await eventually(async () => assert.deepEqual(await measuredBy(one), []), {
      withinMs: 120_000,
      everyMs: 1000,
    });
  });

  it('measure from the nodes in mode daemonset, without a change to any pod', async () => {
    await applySample('  mode: daemonset\n  protocols: [icmp]\n');
    const { nodes } = await cluster();
    await eventually(async () => {
      const path = '{.status.conditions[?(@.type=="Ready")].reason} {.status.measured}';
      const args = [
        '--namespace',
        here,
        'get',
        'npr/networkprober-sample',
        `--output=jsonpath=${path}`,
      ];
      assert.equal(await kubectl(args), 'Measuring 3');
    }, soon);
    const selector = '--selector=app.kubernetes.io/name=network-prober-pinger';
    const listed = await kubectl([
      ...operatorNamespace,
      'get',
      'pods',
      selector,
      '--output=jsonpath={.items[*].metadata.name}',
    ]);
    const pingers = listed.split(' ').filter(Boolean);

    assert.equal(pingers.length, nodes.length);
    for (const name of pingers)
      await eventually(async () => {
        const page = await kubectl([
          'get',
          '--raw',
          `/api/v1/namespaces/kube-latency/pods/${name}:1222/proxy/metrics`,
        ]);
        const pods = [
          ...page.matchAll(
            /^kube_latency_rtt_duration_seconds_count\{.*destination_pod="(\w+)".*\} [1-9]/gm,
          ),
        ];
        assert.deepEqual(pods.map(([, pod = '']) => pod).toSorted(), ['one', 'three', 'two']);
      }, soon);
    await kubectl(['--namespace', here, 'delete', 'npr/networkprober-sample', '--timeout=30s']);
  });
});
