import assert from 'node:assert/strict';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { eventually } from '../support/eventually.ts';
import { networkProber } from '../support/network-probers.ts';
import { startOperator, type RunningOperator } from '../support/operator.ts';
import {
  deletePod,
  labelPod,
  makePod,
  send,
  setStatus,
  type PlayedPod,
} from '../support/played-pods.ts';

interface ConfigMap {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

interface Status {
  readonly pods: readonly string[];
  readonly observedGeneration: number;
  readonly selected: number;
  readonly measured: number;
  readonly missed: number;
  readonly missedPods?: readonly { readonly pod: string; readonly reason: string }[];
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly lastTransitionTime: string;
  }[];
}

interface Peers {
  readonly endpointsMap: Readonly<Record<string, { readonly ip: string; readonly port: string }>>;
  readonly pollingPeriod: number;
}

const soon = { withinMs: 8000, everyMs: 50 };

describe('the operator’s controller, at a real API server without nodes', function () {
  this.timeout(60_000);
  let api: ApiServer;
  let operator: RunningOperator | undefined;
  let round = 0;
  let [a, b] = ['', ''];

  before(async () => {
    api = await startApiServer({ controllers: true });
    await api.kubectl(['apply', '--kustomize=manifests/crd']);
    await api.kubectl([
      'wait',
      '--for=condition=Established',
      '--all',
      'customresourcedefinitions',
    ]);
    await api.kubectl(['create', 'namespace', 'kube-latency']);
  });
  after(() => api?.stop());

  beforeEach(async () => {
    round++;
    [a, b] = [`a-${round}`, `b-${round}`];
    for (const namespace of [a, b]) {
      await api.kubectl(['create', 'namespace', namespace]);
      await api.kubectl(['label', 'namespace', namespace, 'probes.bigmikes.io/injection=enabled']);
    }
  });
  afterEach(async () => {
    await api.kubectl(['delete', 'networkprobers', '--all', '--all-namespaces', '--wait=false']);
    await api.kubectl([
      'delete',
      'pods',
      '--all',
      '--all-namespaces',
      '--force',
      '--grace-period=0',
    ]);
    operator ??= await startOperator(api.kubeconfig);
    await eventually(
      async () => assert.equal(await api.kubectl(['get', 'npr', '-A', '-o', 'name']), ''),
      soon,
    );
    await operator.stop();
    operator = undefined;
  });

  const begin = async (): Promise<RunningOperator> =>
    (operator = await startOperator(api.kubeconfig));

  async function apply(...objects: readonly object[]): Promise<void> {
    const { code, stderr } = await api.apply(...objects);
    assert.equal(code, 0, stderr);
  }

  function pod(namespace: string, name: string, more: Partial<PlayedPod> = {}): PlayedPod {
    return { namespace, name, address: '10.0.0.1', node: 'n1', sidecar: 'mesh', ...more };
  }

  const make = (...pods: readonly PlayedPod[]): Promise<unknown> =>
    Promise.all(pods.map((each) => makePod(api.client, each)));

  async function configMap(namespace: string, name = 'mesh'): Promise<ConfigMap> {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    return (await send(api.client, { verb: 'get', path })) as ConfigMap;
  }

  async function configMapsOf(...where: readonly string[]): Promise<string[]> {
    const path = '/api/v1/configmaps';
    const query = { labelSelector: 'app.kubernetes.io/managed-by=kube-latency-operator' };
    const list = (await send(api.client, { verb: 'list', path, query })) as { items: ConfigMap[] };
    return list.items
      .filter(({ metadata }) => where.includes(metadata.namespace))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  }

  async function peers(namespace: string, name?: string): Promise<Peers> {
    const { binaryData } = await configMap(namespace, name);
    return JSON.parse(
      Buffer.from(binaryData?.['config.json'] ?? '', 'base64').toString('utf8'),
    ) as Peers;
  }

  const peersAre = (namespace: string, names: readonly string[], name?: string): Promise<void> =>
    eventually(async () => {
      assert.deepEqual(Object.keys((await peers(namespace, name)).endpointsMap), names);
    }, soon);

  async function status(namespace: string, name = 'mesh'): Promise<Status> {
    const path = `/apis/probes.bigmikes.io/v1alpha1/namespaces/${namespace}/networkprobers/${name}`;
    const object = (await send(api.client, { verb: 'get', path })) as { status?: Status };
    assert.ok(object.status, 'no status yet');
    return object.status;
  }

  const condition = ({ conditions }: Status, type: string): string => {
    const found = conditions.find((each) => each.type === type);
    return `${found?.status} ${found?.reason}`;
  };

  it('tells pods of two namespaces who their peers are, each in its own namespace, and says so in the status', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(
      pod(a, 'web-1'),
      pod(a, 'same', { address: '10.0.0.2' }),
      pod(b, 'web-2', { address: 'fd00::3' }),
      pod(b, 'same', { address: '10.0.0.4' }),
    );

    const names = [`${a}/same`, 'web-1', `${b}/same`, 'web-2'];
    for (const namespace of [a, b]) await peersAre(namespace, names);
    assert.deepEqual(await peers(b), {
      endpointsMap: {
        [`${a}/same`]: { ip: '10.0.0.2', port: '9090' },
        'web-1': { ip: '10.0.0.1', port: '9090' },
        [`${b}/same`]: { ip: '10.0.0.4', port: '9090' },
        'web-2': { ip: 'fd00::3', port: '9090' },
      },
      pollingPeriod: 10_000_000_000,
    });
    await eventually(async () => {
      const { conditions, missedPods, ...counts } = await status(a);
      assert.deepEqual(counts, {
        pods: [`${a}/same`, `${a}/web-1`, `${b}/same`, `${b}/web-2`],
        observedGeneration: 1,
        selected: 4,
        measured: 4,
        missed: 0,
      });
      assert.deepEqual(missedPods, []);
      assert.deepEqual(
        conditions.map(({ type }) => type),
        ['Ready', 'Degraded', 'ImagePulled', 'Injecting'],
      );
    }, soon);
    await eventually(async () => {
      const now = await status(a);
      assert.equal(condition(now, 'Ready'), 'True Measuring');
      assert.equal(condition(now, 'Degraded'), 'False AsAsked');
    }, soon);
  });

  it('owns what is in the NetworkProber’s namespace, and marks all with itself and its field manager', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'), pod(b, 'web-2'));
    await peersAre(a, ['web-1', 'web-2']);
    await peersAre(b, ['web-1', 'web-2']);

    const [own, other] = await Promise.all([configMap(a), configMap(b)]);

    assert.deepEqual(
      own.metadata.ownerReferences?.map(({ kind, name }) => [kind, name]),
      [['NetworkProber', 'mesh']],
    );
    assert.equal(other.metadata.ownerReferences, undefined);
    for (const { metadata } of [own, other]) {
      assert.ok(metadata.managedFields.every(({ manager }) => manager === 'kube-latency-operator'));
      assert.equal(metadata.labels?.['app.kubernetes.io/managed-by'], 'kube-latency-operator');
    }
  });

  it('follows pods that come, change their labels, fail, finish and go', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    const pods = ['one', 'two', 'three', 'four', 'five'].map((name) => pod(a, name));
    await make(...pods, pod(a, 'waits', { address: undefined as never }));
    await peersAre(a, ['five', 'four', 'one', 'three', 'two']);

    await labelPod(api.client, pods[0]!, { app: 'other' });
    await setStatus(api.client, pods[1]!, { phase: 'Failed' });
    await setStatus(api.client, pods[2]!, { phase: 'Succeeded' });
    await deletePod(api.client, pods[3]!);
    await peersAre(a, ['five']);
    await labelPod(api.client, pods[0]!, { app: 'net-prober' });
    await setStatus(
      api.client,
      { namespace: a, name: 'waits' },
      { phase: 'Running', podIP: '10.0.0.9', podIPs: [{ ip: '10.0.0.9' }] },
    );

    await peersAre(a, ['five', 'one', 'waits']);
  });

  it('writes a list only where it has changed, and mends one that somebody else changed', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    const { metric } = await begin();
    await make(pod(a, 'web-1'));
    await peersAre(a, ['web-1']);
    const written = (): Promise<number> => metric('kube_latency_operator_lists_writes_total');
    await eventually(
      async () => assert.equal(condition(await status(a), 'Ready'), 'True Measuring'),
      soon,
    );
    const before = await written();

    for (const message of ['one', 'two', 'three'])
      await setStatus(api.client, { namespace: a, name: 'web-1' }, { message });
    await make(pod(a, 'other', { labels: { app: 'other' } }));
    await new Promise((resolve) => void setTimeout(resolve, 2000));
    assert.equal(await written(), before);

    const binaryData = { 'config.json': Buffer.from('nonsense').toString('base64') };
    await send(api.client, {
      verb: 'patch',
      path: `/api/v1/namespaces/${a}/configmaps/mesh`,
      contentType: 'application/merge-patch+json',
      body: { binaryData },
    });
    await peersAre(a, ['web-1']);
  });

  it('leaves somebody else’s ConfigMap alone, says so, and takes its place when it is gone', async () => {
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mesh', namespace: a },
      data: { 'config.json': '{"endpointsMap":{},"pollingPeriod":1}', more: 'of it' },
    };
    await apply(theirs);
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'));

    await eventually(async () => {
      const now = await status(a);
      assert.equal(condition(now, 'Ready'), 'False NameTaken');
      assert.equal(condition(now, 'Degraded'), 'True NameTaken');
      assert.match(
        now.conditions[0]?.message ?? '',
        new RegExp(`ConfigMap ${a}/mesh is somebody else's`),
      );
    }, soon);
    assert.deepEqual((await configMap(a)).data, theirs.data);
    assert.equal((await configMap(a)).metadata.labels, undefined);
    await eventually(async () => {
      const events = await api.kubectl(['get', 'events', `--namespace=${a}`, '--output=json']);
      const { items } = JSON.parse(events) as { items: { reason: string; type: string }[] };
      assert.ok(items.some(({ reason, type }) => reason === 'NameTaken' && type === 'Warning'));
    }, soon);

    await api.kubectl(['delete', 'configmap', 'mesh', `--namespace=${a}`]);
    await eventually(() => peers(a), { withinMs: 40_000 });
  });

  it('takes over a list that the network prober operator has left', async () => {
    const left = JSON.stringify({
      endpointsMap: { old: { ip: '10.0.0.7', port: '1' } },
      pollingPeriod: 1e10,
    });
    await apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mesh', namespace: a },
      binaryData: { 'config.json': Buffer.from(left).toString('base64') },
    });
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'));

    await peersAre(a, ['web-1']);
    const [reference] = (await configMap(a)).metadata.ownerReferences ?? [];
    assert.equal(reference?.name, 'mesh');
  });

  it('gives one of two NetworkProbers of the same name the ConfigMap, the older one, and tells the other', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    // Times of objects have whole seconds.
    await new Promise((resolve) => void setTimeout(resolve, 1100));
    await apply(networkProber({ name: 'mesh', namespace: b, spec: { httpPort: '9999' } }));
    await begin();
    const annotations = { 'probes.bigmikes.io/network-prober': `${b}/mesh` };
    await make(pod(a, 'web-1'), pod(a, 'web-2', { annotations, address: '10.0.0.2' }));

    await peersAre(a, ['web-1']);
    await eventually(async () => {
      assert.equal(condition(await status(b), 'Degraded'), 'True NameTaken');
      assert.equal(condition(await status(a), 'Degraded'), 'True PodsOfAnother');
    }, soon);
  });

  it('names pods without a sidecar, and why', async () => {
    await api.kubectl(['label', 'namespace', b, 'probes.bigmikes.io/injection-']);
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    const bare = { sidecar: undefined as never };
    await make(
      pod(a, 'late', bare),
      pod(a, 'host', { ...bare, hostNetwork: true }),
      pod(b, 'closed', bare),
      pod(a, 'wants-none', { ...bare, annotations: { 'netprober-container-deployed': 'true' } }),
    );

    await eventually(async () => {
      const now = await status(a);
      assert.equal(now.missed, 4);
      assert.deepEqual(now.missedPods, [
        { pod: `${a}/host`, reason: 'host-network' },
        // There is no node on which it could be tried.
        { pod: `${a}/late`, reason: 'image-not-seen' },
        { pod: `${a}/wants-none`, reason: 'opted-out' },
        { pod: `${b}/closed`, reason: 'namespace-not-opted-in' },
      ]);
      assert.equal(condition(now, 'Degraded'), 'True PodsMissed');
    }, soon);
  });

  it('touches pods whose list has changed, in seconds, so that their kubelets mount it', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'), pod(b, 'web-2'));
    const annotation = async (namespace: string, name: string): Promise<string> => {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
      const read = (await send(api.client, { verb: 'get', path })) as {
        metadata: { annotations?: Record<string, string> };
      };
      return read.metadata.annotations?.['probes.bigmikes.io/peers'] ?? '';
    };
    await eventually(async () => assert.notEqual(await annotation(a, 'web-1'), ''), soon);
    await new Promise((resolve) => void setTimeout(resolve, 3000));
    const before = await annotation(a, 'web-1');

    await make(pod(b, 'web-3'));

    await eventually(
      async () => {
        const now = await annotation(a, 'web-1');
        assert.notEqual(now, before);
        for (const name of ['web-2', 'web-3']) assert.equal(await annotation(b, name), now);
      },
      { ...soon, withinMs: 6000 },
    );
  });

  it('takes everything away when its NetworkProber is deleted, in whatever namespace', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'), pod(b, 'web-2'));
    await peersAre(b, ['web-1', 'web-2']);

    await api.kubectl(['delete', 'npr/mesh', `--namespace=${a}`, '--timeout=10s']);

    await eventually(async () => assert.deepEqual(await configMapsOf(a, b), []), soon);
  });

  it('takes everything away that was left when its NetworkProber was deleted while it was down', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    const { stop } = await begin();
    await make(pod(a, 'web-1'), pod(b, 'web-2'));
    await peersAre(b, ['web-1', 'web-2']);
    await stop('SIGKILL');
    await api.kubectl(['delete', 'npr/mesh', `--namespace=${a}`, '--wait=false']);
    assert.ok((await configMapsOf(a, b)).includes(`${b}/mesh`));

    await begin();

    await eventually(
      async () => {
        assert.deepEqual(await configMapsOf(a, b), []);
        assert.equal(await api.kubectl(['get', 'npr', `--namespace=${a}`, '-o', 'name']), '');
      },
      { withinMs: 30_000 },
    );
  });

  it('takes away what is left of a NetworkProber whose finalizer somebody took', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    const { stop } = await begin();
    await make(pod(b, 'web-2'));
    await peersAre(b, ['web-2']);
    await stop();
    await api.kubectl([
      'patch',
      'npr/mesh',
      `--namespace=${a}`,
      '--type=merge',
      '--patch={"metadata":{"finalizers":null}}',
    ]);
    await api.kubectl(['delete', 'npr/mesh', `--namespace=${a}`, '--timeout=10s']);
    assert.deepEqual(await configMapsOf(a, b), [`${b}/mesh`]);

    await begin();

    await eventually(async () => assert.deepEqual(await configMapsOf(a, b), []), soon);
  });

  it('empties a list in a namespace that has no selected pod any more, for agents that still read it', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'), pod(b, 'web-2'));
    await peersAre(b, ['web-1', 'web-2']);

    await labelPod(api.client, { namespace: b, name: 'web-2' }, { app: 'other' });

    await peersAre(b, []);
    await peersAre(a, ['web-1']);
  });

  it('follows a NetworkProber that changes what it selects and how often it asks', async () => {
    await apply(networkProber({ name: 'mesh', namespace: a }));
    await begin();
    await make(pod(a, 'web-1'), pod(a, 'db-1', { labels: { tier: 'db' } }));
    await peersAre(a, ['web-1']);

    const podSelector = {
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['db', 'x'] }],
    };
    await apply(
      networkProber({ name: 'mesh', namespace: a, spec: { podSelector, pollingPeriod: '1m30s' } }),
    );

    await peersAre(a, ['db-1']);
    assert.equal((await peers(a)).pollingPeriod, 90e9);
    await eventually(async () => assert.equal((await status(a)).observedGeneration, 2), soon);
  });
});
