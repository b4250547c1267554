import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createAuthority, type Pair } from '../../receivers/shared/certificates.ts';
import { parseAllDocuments, stringify } from 'yaml';
import { cluster, kubectl, kubectlApply, kubectlDelete, tryKubectl } from '../support/cluster.ts';
import { nodeNames, startInNode, startInPod } from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { kustomize } from '../support/kustomize.ts';

const root = new URL('../../', import.meta.url);
const ports = [4317, 4327, 4328, 4337, 4347, 8888, 13133, 4417, 4418, 8000];

/** Who may do what, as docs/rights.md has it: identity, then `namespace resource verb`. */
function documentedRights(): Map<string, string[]> {
  const text = readFileSync(new URL('docs/rights.md', root), 'utf8');
  const sections = text.split(/^## (?=ServiceAccount |User )/m).slice(1);
  return new Map(
    sections.map((section) => {
      const [identity = '', ...lines] = section.split('\n');
      const rows = lines.filter((line) => /^\| (?!where|---)/.test(line));
      const rights = rows.map((row) => {
        const [, where = '', resource = '', verb = ''] = row.split('|').map((cell) => cell.trim());
        return `${where} ${resource} ${verb}`;
      });
      return [identity, rights];
    }),
  );
}

/** The flags of kubectl that make it ask as an identity of docs/rights.md. */
function as(identity: string): string[] {
  const [kind, name = ''] = identity.split(' ');
  if (kind === 'User') return ['--as', name, '--as-group', 'system:monitoring'];
  const [namespace, account] = name.split('/');
  return ['--as', `system:serviceaccount:${namespace}:${account}`];
}

/** What Kubernetes' own ClusterRole system:monitoring gives to the group of that name. */
const ofMonitoring = 'nodes/metrics get';

/** Paths that are no resources, and what Kubernetes itself lets every authenticated caller and service account do. */
const everybodys = /^(?:$|\[|self\w+reviews\.|clustertrustbundles\.)/;

/** What an identity may do with resources, in a namespace. */
async function allowed(identity: string, namespace: string): Promise<string[]> {
  const listed = await kubectl([
    'auth',
    'can-i',
    '--list',
    '--no-headers',
    '--namespace',
    namespace,
    ...as(identity),
  ]);
  return listed.split('\n').flatMap((line) => {
    const [resource = ''] = line.split(/\s+/);
    const verbs = /\[([^\]]*)\]\s*$/.exec(line)?.[1]?.split(' ') ?? [];
    const [name] = resource.split('.');
    return everybodys.test(resource) ? [] : verbs.map((verb) => `${name} ${verb}`);
  });
}

/** Components that no overlay of the tests has, and that bring identities or rights. */
const optional = ['rtt-node-network', 'kubernetes-events'];
/** Theirs are tested with the operator, at an API server of its own. */
const ofOperator = [
  'ServiceAccount kube-latency/operator',
  'ServiceAccount kube-latency/network-prober-pinger',
];
const aboutRights = ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];

interface Named {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

/** The identities and rights of the optional components, and nothing else of them. */
async function optionalRights(): Promise<string> {
  const [all, base] = await Promise.all(
    [optional, []].map(async (names) => {
      const components = names.map((name) => `components/${name}`);
      const text = await kustomize({ resources: ['overlays/local'], components });
      return parseAllDocuments(text).map((document) => document.toJS() as Named);
    }),
  );
  const key = ({ kind, metadata }: Named): string =>
    [kind, metadata.namespace, metadata.name].join(' ');
  const there = new Set(base?.map(key));
  return (all ?? [])
    .filter((object) => aboutRights.includes(object.kind) && !there.has(key(object)))
    .map((object) => stringify(object))
    .join('---\n');
}

describe('what each identity may do', function () {
  this.timeout(120_000);
  let added = '';

  before('grants also what only components grant', async () => {
    added = await optionalRights();
    await kubectlApply(added);
  });

  after(() => kubectlDelete(added));

  const others = [...documentedRights()].filter(([each]) => !ofOperator.includes(each));
  for (const [identity, rights] of others)
    it(`lets ${identity} do what docs/rights.md says, and nothing else`, async () => {
      for (const namespace of ['kube-latency', 'kube-latency-node', 'default', 'kube-system']) {
        const expected = rights.flatMap((right) => {
          const [, where = '', resource = '', verb = ''] = /^(.+) (\S+) (\S+)$/.exec(right) ?? [];
          return where === 'all namespaces' || where === namespace ? [`${resource} ${verb}`] : [];
        });
        if (identity.startsWith('User ')) expected.push(ofMonitoring);
        assert.deepEqual(
          (await allowed(identity, namespace)).toSorted(),
          expected.toSorted(),
          namespace,
        );
      }
    });
});

describe('the pipeline in the cluster', function () {
  this.timeout(120_000);

  it('is reached by no plain OTLP from another node, nor from a pod', async () => {
    const { nodes } = await cluster();
    const [controlPlane, worker] = nodes;
    assert.ok(controlPlane && worker);
    const gateway = await kubectl([
      '--namespace',
      'kube-latency',
      'get',
      'pods',
      '--selector',
      'app.kubernetes.io/name=gateway',
      '--output=jsonpath={.items[0].status.podIP}',
    ]);
    const asked = [controlPlane.address, worker.address, gateway].flatMap((address) =>
      ports.map((port) => [address, port] as const),
    );

    for (const node of nodeNames()) {
      const open = await startInNode(node, connecting, JSON.stringify(asked));
      const elsewhere = (JSON.parse(open) as [string, number][]).filter(
        ([address]) => address !== nodes.find(({ name }) => name === node)?.address,
      );
      // The gateway's door is there, and asks for TLS and a certificate.
      assert.deepEqual(elsewhere, [[gateway, 4317]], `from ${node}`);
    }
    const fromPod = await startInPod(await coreDnsContainer(), connecting, JSON.stringify(asked));
    assert.deepEqual(JSON.parse(fromPod), [[gateway, 4317]], 'from a pod');
  });

  for (const { who, certificate, alert } of [
    { who: 'without a certificate', certificate: nothing, alert: 'CERTIFICATE_REQUIRED' },
    { who: 'with one of another authority', certificate: foreignPair, alert: 'UNKNOWN_CA' },
  ])
    it(`lets nobody in at the gateway ${who}`, async () => {
      const address = await kubectl([
        '--namespace',
        'kube-latency',
        'get',
        'service',
        'gateway',
        '--output=jsonpath={.spec.clusterIP}',
      ]);
      const pair = await certificate();

      const [node = ''] = nodeNames();
      const outcome = await startInNode(node, connectingByTls, address, JSON.stringify(pair));
      assert.match(outcome, new RegExp(`ALERT_${alert}$`));
    });

  for (const { namespace, said } of [
    { namespace: 'kube-latency', said: /violates PodSecurity "restricted:latest"/ },
    { namespace: 'kube-latency-node', said: /pod\/privileged created \(server dry run\)/ },
  ])
    it(`answers whoever would run a privileged pod in ${namespace} as its level says`, async () => {
      const pod = ['run', 'privileged', '--image=localhost/kube-latency/pause:1', '--privileged'];
      const asked = [...pod, '--namespace', namespace, '--dry-run=server'];

      const { stdout, stderr } = await tryKubectl(asked);

      assert.match(`${stdout}${stderr}`, said);
    });

  it('comes back when every agent and the gateway are gone', async () => {
    const before = await podUids();
    assert.equal(before.size, nodeNames().length + 1);
    await kubectl(['--namespace', 'kube-latency-node', 'delete', 'pods', '--all', '--wait=false']);
    await kubectl([
      '--namespace',
      'kube-latency',
      'delete',
      'pods',
      '--selector=app.kubernetes.io/name=gateway',
      '--wait=false',
    ]);

    await eventually(
      async () => {
        for (const [namespace, workload] of [
          ['kube-latency-node', 'daemonset/agent'],
          ['kube-latency-node', 'daemonset/agent-control-plane'],
          ['kube-latency', 'deployment/gateway'],
        ] as const)
          await kubectl(['--namespace', namespace, 'rollout', 'status', workload, '--timeout=1s']);
        const now = await podUids();
        assert.equal(now.size, before.size);
        assert.ok(now.isDisjointFrom(before), 'old pods are still there');
      },
      { withinMs: 60_000 },
    );
  });
});

function nothing(): Promise<Partial<Pair>> {
  return Promise.resolve({});
}

async function foreignPair(): Promise<Pair> {
  const authority = await createAuthority('another authority');
  return authority.issue({ commonName: 'stranger', usages: ['client'] });
}

async function coreDnsContainer(): Promise<string> {
  const id = await kubectl([
    '--namespace',
    'kube-system',
    'get',
    'pods',
    '--selector=k8s-app=kube-dns',
    '--output=jsonpath={.items[0].status.containerStatuses[0].containerID}',
  ]);
  return id.split('://')[1] ?? '';
}

/** Uids of the agents and of the gateway. */
async function podUids(): Promise<Set<string>> {
  const uids = await Promise.all(
    [
      ['kube-latency-node', 'agent'],
      ['kube-latency', 'gateway'],
    ].map(([namespace = '', name = '']) =>
      kubectl([
        '--namespace',
        namespace,
        'get',
        'pods',
        '--selector',
        `app.kubernetes.io/name=${name}`,
        '--output=jsonpath={range .items[*]}{.metadata.uid}{"\\n"}{end}',
      ]),
    ),
  );
  return new Set(uids.flatMap((text) => text.split('\n').filter((uid) => uid !== '')));
}

/** Asks port 4317 of its first argument for HTTP/2 by TLS, with the pair of its second, and prints the error's code. */
const connectingByTls = `
import { connect } from 'node:tls';
const [, host, pair] = process.argv;
const options = { ...JSON.parse(pair), host, port: 4317, rejectUnauthorized: false };
const socket = connect({ ...options, ALPNProtocols: ['h2'] });
const end = (text) => { process.stdout.write(text); socket.destroy(); };
socket.once('error', ({ code }) => end(String(code)));
socket.once('data', () => end('it answered'));
socket.once('end', () => end('it hung up without a word'));`;

/** Tries each address and port of its argument, and prints those that take a connection. */
const connecting = `
import { connect } from 'node:net';
const asked = JSON.parse(process.argv[1]);
const open = await Promise.all(asked.map(([host, port]) => new Promise((resolve) => {
  const socket = connect({ host, port, timeout: 1500 });
  const end = (found) => { socket.destroy(); resolve(found); };
  socket.once('connect', () => end([[host, port]]));
  socket.once('timeout', () => end([]));
  socket.once('error', () => end([]));
})));
process.stdout.write(JSON.stringify(open.flat()));`;
