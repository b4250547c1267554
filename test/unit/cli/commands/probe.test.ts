import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { withTarget } from '../../../../cli/commands/probe.ts';
import { runCommandLine } from '../../../../cli/run.ts';
import {
  addProbeOptions,
  probeConfig,
  type ProbeConfig,
} from '../../../../receivers/pod-prober/config.ts';
import {
  json,
  startFakeApiServer,
  type Answer,
  type FakeApiServer,
} from '../../receivers/shared/kubernetes/fake-api-server.ts';
import { monitoringCert } from '../../receivers/support-certificates.ts';
import { recordedContext, type RecordedContext } from '../context.ts';

const target = {
  kubeconfig: '/state/prober.kubeconfig',
  namespace: 'kube-latency',
  image: 'our-pause',
  collectorEndpoint: 'http://127.0.0.1:4317',
};

describe('withTarget', () => {
  it('fills in what the cluster knows', () => {
    const config = withTarget(configOf([]), target, {});

    assert.equal(config.kubeconfig, '/state/prober.kubeconfig');
    assert.equal(config.namespace, 'kube-latency');
    assert.equal(config.pod.image, 'our-pause');
    assert.equal(config.otlpEndpoint, 'http://127.0.0.1:4317');
  });

  it('changes nothing where the target knows nothing', () => {
    const config = configOf(['--namespace', 'mine', '--kubeconfig', '/my/config']);

    assert.deepEqual(withTarget(config, {}, {}), config);
  });

  it('drops the context of a kubeconfig that it replaces', () => {
    const config = configOf(['--kubeconfig', '/my/config', '--context', 'admin']);

    assert.equal(withTarget(config, target, {}).context, undefined);
    assert.equal(withTarget(config, { image: 'our-pause' }, {}).context, 'admin');
  });

  it('keeps the namespace that the user names', () => {
    assert.equal(withTarget(configOf(['--namespace', 'mine']), target, {}).namespace, 'mine');
  });

  const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  for (const name of variables) {
    it(`leaves the collector to ${name}`, () => {
      const env = { [name]: 'http://collector:4317' };

      assert.equal(withTarget(configOf([]), target, env).otlpEndpoint, undefined);
      assert.equal(
        withTarget(configOf([]), target, { [name]: '' }).otlpEndpoint,
        'http://127.0.0.1:4317',
      );
    });
  }
});

describe('kube-latency probe', () => {
  let folder: string;
  let server: FakeApiServer;
  let context: RecordedContext;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-probe-'));
    context = recordedContext();
  });

  afterEach(async () => {
    server.stop();
    await rm(folder, { recursive: true });
  });

  async function probe(answer: Answer, args: readonly string[]): Promise<number> {
    server = await startFakeApiServer(answer);
    const kubeconfig = join(folder, 'config');
    const cluster = {
      server: server.connection.server.origin,
      'certificate-authority-data': Buffer.from(monitoringCert).toString('base64'),
    };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: 'secret' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    await writeFile(kubeconfig, JSON.stringify(config));
    return runCommandLine(['probe', '--kubeconfig', kubeconfig, ...args], '1.2.3', context);
  }

  const asked = (): string[] =>
    server.taken.map(({ method, url }) => `${method} ${url.pathname.split('/').at(-1)}`);

  it('runs in the cluster with the flags that the user gave, prints and ends as the report says', async () => {
    const report = { probes: [], exitCode: 1 };
    const code = await probe(
      ({ method, url }, response) => {
        if (url.pathname.endsWith('/log')) response.end(`${JSON.stringify(report)}\n`);
        else if (method === 'GET' && url.pathname.endsWith('/pods')) json(response, 200, podList);
        else json(response, method === 'POST' ? 201 : 200, prober);
      },
      ['--count=2', '--output', 'json', '--first-packet', 'http'],
    );

    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(context.printed.out.join('')), report);
    const create = server.taken.find(({ method }) => method === 'POST');
    assert.match(
      create?.body ?? '',
      /"args":\["main.mjs","--count=2","--first-packet","http","--output=json"\]/,
    );
    assert.deepEqual(asked().toSorted(), [
      'DELETE ' + JSON.parse(create?.body ?? '').metadata.name,
      'GET log',
      'GET pod-prober',
      'GET pods',
      'POST jobs',
    ]);
  });

  it('runs on this machine with --here, and asks for no CronJob', async () => {
    const code = await probe(
      (_, response) => json(response, 403, { message: 'no pods' }),
      ['--here'],
    );

    assert.equal(code, 1);
    assert.ok(!asked().includes('GET pod-prober'));
    assert.match(
      context.printed.err.join('\n'),
      /^kube-latency: listing pods .*no pods; `kubectl auth can-i --list` /,
    );
  });

  it('runs on this machine, and says why, where it may not look at the CronJob', async () => {
    await probe(
      ({ url }, response) =>
        json(response, 403, { message: `no ${url.pathname.split('/').at(-1)}` }),
      [],
    );

    assert.deepEqual(context.printed.err.slice(0, 1), [
      'probing from this machine, not in the cluster: no pod-prober',
    ]);
    assert.match(context.printed.err.at(-1) ?? '', /listing pods/);
  });

  it('runs on this machine, and says nothing, where there is no CronJob', async () => {
    await probe(
      ({ url }, response) =>
        json(response, url.pathname.endsWith('pod-prober') ? 404 : 403, { message: 'no' }),
      [],
    );

    assert.match(context.printed.err.at(-1) ?? '', /listing pods/);
    assert.doesNotMatch(context.printed.err.join('\n'), /cluster/);
  });
});

const prober = {
  metadata: { name: 'pod-prober', uid: 'a uid' },
  spec: {
    jobTemplate: {
      spec: { template: { spec: { containers: [{ name: 'pod-prober', args: ['main.mjs'] }] } } },
    },
  },
};
const podList = {
  items: [
    {
      metadata: { name: 'p' },
      status: { containerStatuses: [{ name: 'pod-prober', state: { running: {} } }] },
    },
  ],
};

function configOf(args: readonly string[]): ProbeConfig {
  const command = addProbeOptions(new Command()).parse(args, { from: 'user' });
  return probeConfig(command.opts(), {});
}
