import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { selects, selectorText, type Requirement } from '../../operator/label-selector.ts';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { program } from '../support/cluster.ts';
import { start } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { networkProber } from '../support/network-probers.ts';
import { startOperator, type RunningOperator } from '../support/operator.ts';
import { classicDefinition, defineProbers, startPlayedCluster } from '../support/played-cluster.ts';
import { makePod, send, setStatus, type PlayedPod } from '../support/played-pods.ts';

interface Prober {
  readonly metadata: { readonly finalizers?: readonly string[] };
  readonly status?: {
    readonly pods: readonly string[];
    readonly conditions: readonly {
      type: string;
      status: string;
      reason: string;
      message: string;
    }[];
  };
}

interface ListedPod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
}

const soon = { withinMs: 10_000, everyMs: 50 };
const own = 'kube-latency';
/** What changes pods. */
const registered =
  'mutatingwebhookconfigurations,mutatingadmissionpolicies,mutatingadmissionpolicybindings';

describe('the operator with its own rights, at a real API server without nodes', function () {
  this.timeout(90_000);
  let api: ApiServer;
  let kubeconfig: string;
  const running: RunningOperator[] = [];

  before(async () => {
    api = await startPlayedCluster({ controllers: true });
    kubeconfig = await api.kubeconfigOf(own, 'operator');
  });
  after(() => api?.stop());
  afterEach(async () => {
    for (const each of running.splice(0)) await each.stop();
    const { code } = await remove();
    assert.equal(code, 0);
    const leases = await api.kubectl(['get', 'leases', `--namespace=${own}`, '--output=name']);
    assert.equal(leases, '');
    await api.kubectl(['delete', 'networkprobers', '--all', '--all-namespaces', '--timeout=20s']);
    await api.kubectl([
      'delete',
      'pods',
      '--all',
      '--all-namespaces',
      '--force',
      '--grace-period=0',
    ]);
    await api.kubectl(['delete', 'nodes', '--all']);
  });

  async function begin(...args: readonly string[]): Promise<RunningOperator> {
    const operator = await startOperator(kubeconfig, args);
    running.push(operator);
    return operator;
  }

  const remove = () =>
    start(process.execPath, ['operator/main.ts', '--remove', `--kubeconfig=${api.kubeconfig}`])
      .finished;

  async function apply(...objects: readonly object[]): Promise<void> {
    const { code, stderr } = await api.apply(...objects);
    assert.equal(code, 0, stderr);
  }

  const pod = (name: string, more: Partial<PlayedPod> = {}): PlayedPod => ({
    namespace: 'default',
    name,
    address: '10.0.0.1',
    node: 'n1',
    sidecar: 'mesh',
    ...more,
  });

  async function prober(namespace = 'default', name = 'mesh'): Promise<Prober> {
    const path = `/apis/probes.bigmikes.io/v1alpha1/namespaces/${namespace}/networkprobers/${name}`;
    return (await send(api.client, { verb: 'get', path })) as Prober;
  }

  async function condition(type: string, namespace?: string, name?: string): Promise<string> {
    const { status } = await prober(namespace, name);
    const found = status?.conditions.find((each) => each.type === type);
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  }

  const conditionIs = (
    type: string,
    expected: RegExp,
    where: readonly string[] = [],
  ): Promise<void> =>
    eventually(async () => assert.match(await condition(type, ...where), expected), soon);

  async function peersOf(namespace: string): Promise<string[]> {
    const path = `/api/v1/namespaces/${namespace}/configmaps/mesh`;
    const { binaryData } = (await send(api.client, { verb: 'get', path })) as {
      binaryData: Record<string, string>;
    };
    const text = Buffer.from(binaryData['config.json'] ?? '', 'base64').toString('utf8');
    return Object.keys((JSON.parse(text) as { endpointsMap: object }).endpointsMap);
  }

  it('does all it has to do, and is told of no right that is missing', async () => {
    await apply(networkProber({ name: 'mesh' }), namespaceObject('other'));
    const { log } = await begin();
    await Promise.all(
      [pod('web-1'), pod('web-2', { namespace: 'other' })].map((each) => makePod(api.client, each)),
    );

    await eventually(
      async () => assert.deepEqual(await peersOf('other'), ['web-1', 'web-2']),
      soon,
    );
    await conditionIs('Ready', /^True Measuring/);
    await eventually(async () => {
      const events = await api.kubectl(['get', 'events', '--output=jsonpath={.items[*].reason}']);
      assert.match(events, /Ready/);
    }, soon);
    await api.kubectl(['delete', 'npr/mesh', '--timeout=10s']);
    assert.doesNotMatch(log(), /forbidden|cannot/);
  });

  it('may do what docs/rights.md says, and nothing more', async () => {
    const told = rightsOf('ServiceAccount kube-latency/operator');
    const pingers = rightsOf('ServiceAccount kube-latency/network-prober-pinger');

    const everywhere = (rights: readonly string[][]) =>
      rights.filter(([where]) => where === 'all namespaces').map(([, ...right]) => right.join(' '));
    const inOwn = (rights: readonly string[][]) => rights.map(([, ...right]) => right.join(' '));
    const anyone = await mayDo('default', 'default', 'default');
    for (const [account, rights] of [
      ['operator', told],
      ['network-prober-pinger', pingers],
    ] as const) {
      assert.deepEqual(
        await beyond(anyone, mayDo('default', own, account)),
        everywhere(rights).toSorted(),
      );
      assert.deepEqual(
        await beyond(anyone, mayDo(own, own, account)),
        [...new Set(inOwn(rights))].toSorted(),
      );
    }
  });

  it('leads by one replica; where that is killed the other goes on within 20 s, where it stops in order within 4 s', async () => {
    await apply(networkProber({ name: 'mesh' }));
    const [first, second] = [await begin(), await begin()];
    const leads = (operator: RunningOperator): Promise<number> =>
      operator.metric('kube_latency_operator_leads_ratio');
    await makePod(api.client, pod('web-1'));
    await eventually(async () => assert.deepEqual(await peersOf('default'), ['web-1']), soon);
    assert.deepEqual([await leads(first), await leads(second)], [1, 0]);

    const killedMs = performance.now();
    await first.stop('SIGKILL');
    await makePod(api.client, pod('web-2'));
    await eventually(async () => assert.deepEqual(await peersOf('default'), ['web-1', 'web-2']), {
      withinMs: 25_000,
      everyMs: 100,
    });
    assert.ok(performance.now() - killedMs < 20_000, `${performance.now() - killedMs}`);

    const third = await begin();
    const stoppedMs = performance.now();
    const { code } = await second.stop();
    await makePod(api.client, pod('web-3'));
    await eventually(async () => assert.equal((await peersOf('default')).length, 3), soon);
    assert.ok(performance.now() - stoppedMs < 6000, `${performance.now() - stoppedMs}`);
    assert.deepEqual([code, await leads(third)], [0, 1]);
  });

  it('tries an image on every node before it says that pods may have it', async () => {
    for (const name of ['n1', 'n2']) await makeNode(name);
    await apply(networkProber({ name: 'mesh' }));
    await begin();
    const pods = await eventually(async () => {
      const found = await trialPods();
      assert.deepEqual(found.map(({ spec }) => spec.nodeName).toSorted(), ['n1', 'n2']);
      return found;
    }, soon);
    await conditionIs('ImagePulled', /^Unknown Trying/);

    const where = (node: string) => {
      const found = pods.find(({ spec }) => spec.nodeName === node);
      return { namespace: own, name: found?.metadata.name ?? '' };
    };
    const states = {
      n1: { running: {} },
      n2: { waiting: { reason: 'ErrImagePull', message: 'no such image' } },
    };
    for (const [node, state] of Object.entries(states))
      await setStatus(api.client, where(node), {
        containerStatuses: [
          { name: 'net-prober', ready: false, restartCount: 0, image: 'x', imageID: '', state },
        ],
      });

    await conditionIs(
      'ImagePulled',
      /^False NotRun: image bigmikes\/\S+ could not be run on node n2: ErrImagePull: no such image/,
    );
    await conditionIs('Degraded', /^True ImageNotPulled/);
    await eventually(async () => assert.deepEqual(await trialPods(), []), soon);
  });

  it('runs pingers on the nodes in mode daemonset, and takes them away with their NetworkProber', async () => {
    await apply(
      networkProber({
        name: 'mesh',
        spec: { mode: 'daemonset', agentImage: 'localhost/kube-latency/kube-latency:0.1.0' },
      }),
    );
    await begin();
    await makePod(api.client, pod('plain', { sidecar: undefined as never }));
    const sets = async (): Promise<string[]> =>
      (await api.kubectl(['get', 'daemonsets', `--namespace=${own}`, '--output=name']))
        .split('\n')
        .filter(Boolean);

    const [name = ''] = await eventually(async () => {
      const found = await sets();
      assert.equal(found.length, 1);
      return found;
    }, soon);
    await conditionIs('Ready', /^True Measuring: 1 pod of 1 measured/);
    assert.deepEqual((await prober()).metadata.finalizers, ['probes.bigmikes.io/leftovers']);
    assert.equal(
      await api.kubectl([
        'get',
        'configmaps',
        '--output=name',
        '--selector=app.kubernetes.io/managed-by=kube-latency-operator',
      ]),
      '',
    );

    await api.kubectl([
      'patch',
      name,
      `--namespace=${own}`,
      '--subresource=status',
      '--type=merge',
      '--patch={"status":{"desiredNumberScheduled":2,"currentNumberScheduled":2,"numberMisscheduled":0,"numberReady":1}}',
    ]);
    await conditionIs('Ready', /^False Pending: not made yet: 1 of 2 pingers/);
    await api.kubectl(['delete', 'npr/mesh', '--timeout=10s']);
    await eventually(async () => assert.deepEqual(await sets(), []), soon);
  });

  it('selects by labels as the API server does, whatever the selector', async () => {
    const labels: readonly Record<string, string>[] = [
      {},
      { app: 'a' },
      { app: 'b', tier: '' },
      { app: '', tier: 'x' },
      { tier: 'x' },
    ];
    await Promise.all(
      labels.map((each, index) => makePod(api.client, pod(`p${index}`, { labels: each }))),
    );
    const requirements: readonly Requirement[] = ['app', 'tier'].flatMap((key) => [
      ...['In', 'NotIn'].flatMap((operator) =>
        [['a'], [''], ['a', ''], ['b', 'x']].map(
          (values) => ({ key, operator, values }) as Requirement,
        ),
      ),
      { key, operator: 'Exists', values: [] },
      { key, operator: 'DoesNotExist', values: [] },
    ]);
    for (const one of requirements)
      for (const other of requirements) {
        const selector = [one, other];
        const query = { labelSelector: selectorText(selector) };
        const path = '/api/v1/namespaces/default/pods';
        const { items } = (await send(api.client, { verb: 'list', path, query })) as {
          items: ListedPod[];
        };

        assert.deepEqual(
          items.map(({ metadata }) => metadata.name).toSorted(),
          labels.flatMap((each, index) => (selects(selector, each) ? [`p${index}`] : [])),
          query.labelSelector,
        );
      }
  });

  it('leaves nothing behind when it is undeployed and its definition uninstalled, though NetworkProbers are there', async () => {
    await apply(
      networkProber({ name: 'mesh', spec: { mode: 'webhook' } }),
      networkProber({ name: 'by-policy', spec: { mode: 'policy' } }),
      namespaceObject('left'),
    );
    const operator = await begin();
    await eventually(async () => {
      const made = await api.kubectl(['get', registered, '--output=name']);
      assert.match(made, /mutatingwebhook/);
    }, soon);
    await makePod(api.client, pod('web-2', { namespace: 'left' }));
    await eventually(() => peersOf('left'), soon);
    await operator.stop('SIGKILL');

    const env = {
      KUBECONFIG: api.kubeconfig,
      PATH: `${dirname(program('kubectl'))}:${process.env['PATH'] ?? ''}`,
    };
    for (const script of ['undeploy', 'uninstall']) {
      const { code, stderr } = await start('npm', ['run', `operator:${script}`], { env }).finished;
      assert.equal(code, 0, stderr);
    }

    const left = [
      'clusterroles',
      'clusterrolebindings',
      'customresourcedefinitions',
      'configmaps',
      'roles',
      'serviceaccounts',
      'secrets',
      registered,
    ];
    const found = await api.kubectl([
      'get',
      left.join(','),
      '--all-namespaces',
      '--output=name',
      '--selector=app.kubernetes.io/part-of=kube-latency',
    ]);
    assert.equal(found, '');
    assert.match(await api.kubectl(['get', 'namespaces', '--output=name']), /kube-latency/);
    await defineProbers(api);
    await api.kubectl(['apply', '--server-side', '--kustomize=manifests/operator']);
  });

  async function makeNode(name: string): Promise<void> {
    await send(api.client, {
      verb: 'create',
      path: '/api/v1/nodes',
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
    });
    const now = new Date().toISOString().replace(/\.\d+Z/, 'Z');
    await send(api.client, {
      verb: 'patch',
      path: `/api/v1/nodes/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'Played',
              message: '',
              lastHeartbeatTime: now,
              lastTransitionTime: now,
            },
          ],
        },
      },
    });
    // Nobody else would take it off.
    await api
      .kubectl(['taint', 'node', name, 'node.kubernetes.io/not-ready-'])
      .catch(() => undefined);
  }

  async function trialPods(): Promise<ListedPod[]> {
    const path = `/api/v1/namespaces/${own}/pods`;
    const query = { labelSelector: 'app.kubernetes.io/name=net-prober-trial' };
    const { items } = (await send(api.client, { verb: 'list', path, query })) as {
      items: (ListedPod & { metadata: { deletionTimestamp?: string } })[];
    };
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** `resource verb` of all that an account may do in a namespace. */
  async function mayDo(
    namespace: string,
    accountNamespace: string,
    account: string,
  ): Promise<Set<string>> {
    const list = await api.kubectl([
      'auth',
      'can-i',
      '--list',
      `--namespace=${namespace}`,
      `--as=system:serviceaccount:${accountNamespace}:${account}`,
      '--as-group=system:serviceaccounts',
      '--as-group=system:authenticated',
      '--no-headers',
    ]);
    const rights = list.split('\n').flatMap((line) => {
      const [, resource = '', names = '', verbs = ''] =
        /^(\S+)\s.*\[([^\]]*)\]\s+\[([^\]]*)\]\s*$/.exec(line) ?? [];
      const [kind = '', part] = resource.split('/');
      const plural = [kind.split('.')[0], part].filter(Boolean).join('/');
      const what = names === '' ? plural : `${plural} ${names}`;
      return verbs
        .split(' ')
        .filter(Boolean)
        .map((verb) => `${what} ${verb}`);
    });
    return new Set(rights);
  }

  async function beyond(anyone: ReadonlySet<string>, all: Promise<Set<string>>): Promise<string[]> {
    return [...(await all)].filter((right) => !anyone.has(right)).toSorted();
  }
});

describe('an operator that comes after the network prober operator, at a real API server', function () {
  this.timeout(90_000);
  let api: ApiServer;
  let operator: RunningOperator;

  before(async () => {
    api = await startApiServer();
    const { code, stderr } = await api.apply(classicDefinition(), namespaceObject(own));
    assert.equal(code, 0, stderr);
    await api.kubectl([
      'wait',
      '--for=condition=Established',
      '--all',
      'customresourcedefinitions',
    ]);
    const applied = await eventually(async () => {
      const done = await api.apply(
        networkProber({ name: 'mesh' }),
        networkProber({ name: 'wrong', spec: { pollingPeriod: 'soon', httpPort: '0' } }),
      );
      assert.equal(done.code, 0, done.stderr);
      return done;
    }, soon);
    assert.equal(applied.code, 0);
    await defineProbers(api);
    operator = await startOperator(api.kubeconfig);
  });
  after(async () => {
    await operator?.stop();
    await api?.stop();
  });

  const conditions = async (name: string): Promise<string> =>
    api.kubectl([
      'get',
      `npr/${name}`,
      '--output=jsonpath={range .status.conditions[*]}{.type} {.status} {.reason} {.message}{"\\n"}{end}',
    ]);

  it('takes the objects that are there', async () => {
    await makePod(api.client, {
      namespace: 'default',
      name: 'web-1',
      address: '10.0.0.1',
      node: 'n1',
      sidecar: 'mesh',
    });

    await eventually(
      async () =>
        assert.match(await conditions('mesh'), /^Ready True Measuring 1 pod of 1 measured$/m),
      soon,
    );
  });

  it('says of one that its rules would refuse what is wrong with it, with field, rule and value', async () => {
    await eventually(async () => {
      const said = await conditions('wrong');
      assert.match(said, /^Ready False Invalid /m);
      assert.match(
        said,
        /^Degraded True Invalid .*spec\.httpPort: expected a port from 1 to 65535 as text, got "0"/m,
      );
      assert.match(said, /spec\.pollingPeriod: expected a duration from 10ms to 1h .*, got "soon"/);
    }, soon);
  });

  it('asks no webhook for conversion any more', async () => {
    const strategy = await api.kubectl([
      'get',
      'customresourcedefinition/networkprobers.probes.bigmikes.io',
      '--output=jsonpath={.spec.conversion.strategy}',
    ]);

    assert.equal(strategy, 'None');
  });
});

function namespaceObject(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** Where, resource and verb of an identity's table in docs/rights.md. */
function rightsOf(identity: string): string[][] {
  const text = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((each) => each.startsWith(`${identity}\n`)) ?? '';
  return [...section.matchAll(/^\| (\S[^|]*?) +\| (\S[^|]*?) +\| (\w+) +\|/gm)]
    .map(([, where = '', resource = '', verb = '']) => [where, resource, verb])
    .filter(([where]) => where !== 'where');
}
