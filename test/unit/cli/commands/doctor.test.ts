import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../../cli/run.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
  type TakenRequest,
} from '../../receivers/shared/kubernetes/fake-api-server.ts';
import { recordedContext } from '../context.ts';
import { startFakeViewer, type FakeViewer } from '../fake-viewer.ts';
import { writeKubeconfig } from '../kubeconfig.ts';

interface Printed {
  cluster: { version: string | null; install: string; nodes: number | null };
  backend: string | null;
  summary: Record<string, number>;
  findings: {
    component: string;
    node: string | null;
    check: string;
    level: string;
    found: string;
    fix: string | null;
  }[];
}

type Answers = Readonly<Record<string, (response: ServerResponse, body: string) => void>>;

/** A cluster of kubeadm whose kubelet does not trace, seen by somebody who may see everything. */
const kubeadm: Answers = {
  '/version': (response) => json(response, 200, { gitVersion: 'v1.36.1' }),
  '/api/v1/nodes': (response) => json(response, 200, { items: [node] }),
  '/api/v1/nodes/worker/proxy/configz': (response) =>
    json(response, 200, { kubeletconfig: { featureGates: {} } }),
  '/api/v1/nodes/worker/proxy/healthz': (response) => response.end('ok'),
  '/api/v1/namespaces/kube-system/pods': (response) =>
    json(response, 200, {
      items: [
        pod('kube-apiserver', ['--etcd-servers=x', '--tracing-config-file=/t.yaml']),
        pod('etcd', ['--enable-distributed-tracing=true']),
      ],
    }),
  '/apis/apps/v1/daemonsets': (response) => json(response, 200, { items: [agentSet] }),
  '/apis/apps/v1/deployments': (response) => json(response, 200, { items: [] }),
  '/apis/apps/v1/statefulsets': (response) => json(response, 200, { items: [] }),
  '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases': (response) =>
    json(response, 200, { items: [] }),
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': (response) =>
    json(response, 201, { status: { userInfo: { username: 'me', groups: ['system:masters'] } } }),
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': (response) =>
    json(response, 201, { status: { allowed: true } }),
  '/apis/authorization.k8s.io/v1/subjectaccessreviews': (response, body) =>
    json(response, 201, { status: { allowed: body.includes('"verb":"list"') } }),
};

const node = {
  metadata: { name: 'worker', labels: {} },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: { kubeletVersion: 'v1.36.1', containerRuntimeVersion: 'containerd://2.3.4' },
  },
};

const agentSet = {
  metadata: { name: 'kube-latency-agent', namespace: 'kube-latency' },
  spec: {
    template: {
      spec: {
        serviceAccountName: 'agent',
        containers: [{ name: 'correlator', image: 'kube-latency:0.1.0' }],
      },
    },
  },
  status: { desiredNumberScheduled: 2, numberReady: 1 },
};

function pod(component: string, args: readonly string[]): object {
  return {
    metadata: { labels: { component } },
    spec: {
      nodeName: 'control-plane',
      containers: [
        { name: component, image: `k/${component}:3.7.1-0`, command: [component, ...args] },
      ],
    },
  };
}

describe('kube-latency doctor', () => {
  let folder: string;
  let kubeconfig: string;
  let server: FakeApiServer;
  let viewer: FakeViewer;
  let answers: Answers;
  /** Whether answers tell the time: a clock is read several times over most of a second. */
  let dates: boolean;

  beforeEach(async () => {
    answers = kubeadm;
    dates = false;
    server = await startFakeApiServer(({ url, body }: TakenRequest, response) => {
      const answer = answers[url.pathname];
      response.sendDate = dates;
      if (answer === undefined) json(response, 403, { message: `${url.pathname} is forbidden` });
      else answer(response, body);
    });
    viewer = await startFakeViewer({ searchTraces: { result: [{ startTime: '1' }] } });
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-doctor-'));
    kubeconfig = await writeKubeconfig(folder, server.connection.server.origin);
  });

  afterEach(async () => {
    server.stop();
    await viewer.close();
    await rm(folder, { recursive: true });
  });

  async function doctor(args: readonly string[], signal?: AbortSignal) {
    const context = recordedContext({}, signal);
    const options = ['--kubeconfig', kubeconfig, ...args];
    const code = await runCommandLine(['doctor', ...options], '1.2.3', context);
    return { code, out: context.printed.out.join('\n'), err: context.printed.err.join('\n') };
  }

  function levels({ findings }: Printed): Record<string, string> {
    return Object.fromEntries(
      findings.map(({ component, check, level }) => [`${component} ${check}`, level]),
    );
  }

  it('finds what is on, what is off and what it cannot see', async () => {
    dates = true;

    const { code, out } = await doctor(['--output', 'json', '--backend', viewer.url.href]);

    const printed = JSON.parse(out) as Printed;
    assert.equal(code, 1);
    assert.deepEqual(printed.cluster, {
      server: server.connection.server.origin,
      version: 'v1.36.1',
      install: 'kubeadm',
      nodes: 1,
    });
    assert.equal(printed.backend, viewer.url.href);
    const found = levels(printed);
    assert.equal(found['api-server tracing'], 'ok');
    assert.equal(found['api-server endpoint'], 'unknown');
    assert.equal(found['etcd version'], 'ok');
    assert.equal(found['etcd endpoint'], 'warning');
    assert.equal(found['kubelet tracing'], 'problem');
    assert.equal(found['container-runtime tracing'], 'ok');
    assert.equal(found['prober identity'], 'ok');
    assert.equal(found['prober rights'], 'ok');
    assert.equal(found['correlator rights'], 'problem');
    assert.equal(found['collectors kube-latency-agent'], 'problem');
    assert.equal(found['clocks node'], 'ok');
  });

  it('prints the change that is needed, and sums up', async () => {
    const { code, out } = await doctor([]);

    assert.equal(code, 1);
    assert.match(out, /^ {2}problem {2}tracing {2}off: no tracing in its configuration$/m);
    assert.match(out, /fix +on the node, in \/var\/lib\/kubelet\/config\.yaml:/);
    assert.match(out, /^\d+ checks: 3 problems, .*unknown, .*ok$/m);
  });

  it('asks for nothing that changes anything', async () => {
    await doctor([]);

    const changing = server.taken.filter(({ method }) => method !== 'GET');
    assert.ok(changing.length > 0);
    for (const { method, url } of changing) {
      assert.equal(method, 'POST');
      assert.match(url.pathname, /reviews$/);
    }
  });

  it('ends with 0 where somebody may see nothing, and says so instead of guessing', async () => {
    const { '/version': version } = kubeadm;
    answers = version === undefined ? {} : { '/version': version };

    const { code, out } = await doctor(['--output', 'json']);

    const printed = JSON.parse(out) as Printed;
    assert.equal(code, 0);
    assert.equal(printed.cluster.install, 'other');
    assert.equal(printed.cluster.nodes, null);
    assert.equal(printed.summary['problem'], 0);
    const kubelet = printed.findings.find(({ component }) => component === 'kubelet');
    assert.equal(kubelet?.level, 'unknown');
    assert.match(kubelet?.found ?? '', /\/api\/v1\/nodes is forbidden/);
  });

  it('says that the backend does not answer', async () => {
    await viewer.close();

    const { out } = await doctor(['--output', 'json', '--backend', viewer.url.href]);

    const printed = JSON.parse(out) as Printed;
    assert.equal(printed.backend, null);
    assert.equal(levels(printed)['backend reachable'], 'unknown');
    assert.equal(levels(printed)['api-server spans'], 'unknown');
  });

  it('fails in one line where no API server answers', async () => {
    server.stop();

    const { code, out, err } = await doctor([]);

    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^kube-latency: asking the API server https:.* for its version: .*REFUSED/m);
  });

  it('fails in one line where its credentials are refused', async () => {
    answers = { '/version': (response) => json(response, 401, { message: 'Unauthorized' }) };

    const { code, err } = await doctor([]);

    assert.equal(code, 1);
    assert.match(
      err,
      /expected accepted credentials, got status 401; log in to that cluster again, /,
    );
  });

  it('stops when it is interrupted', async () => {
    const stop = new AbortController();
    answers = {
      ...kubeadm,
      '/api/v1/nodes': () => stop.abort(new Error('stopped by SIGINT')),
    };

    const { code, out, err } = await doctor([], stop.signal);

    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^kube-latency: interrupted$/m);
  });

  const misuses = [
    ['--output', 'html'],
    ['--backend', 'viewer'],
    ['--context', 'nowhere'],
  ];
  for (const args of misuses) {
    it(`is misused with ${args.join(' ')}`, async () => {
      assert.equal((await doctor(args)).code, 2);
    });
  }

  it('has help with the levels and with examples', async () => {
    const { code, out } = await doctor(['--help']);

    assert.equal(code, 0);
    assert.match(out, /unknown: it cannot be seen[^]*Examples:/);
  });
});
