import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../../cli/run.ts';
import { allLost, meshReport, withCell } from '../../../support/mesh-report.ts';
import {
  json,
  startFakeApiServer,
  type Answer,
  type FakeApiServer,
} from '../../receivers/shared/kubernetes/fake-api-server.ts';
import { recordedContext } from '../context.ts';
import { writeKubeconfig } from '../kubeconfig.ts';

const report = meshReport({ nodes: 3, zones: 2 });
const status = (code: number, message: string) => ({ kind: 'Status', code, message });

describe('kube-latency rtt', () => {
  let folder: string;
  let kubeconfig: string;
  let server: FakeApiServer;
  let answer: Answer;

  beforeEach(async () => {
    answer = (_, response) => json(response, 200, report);
    server = await startFakeApiServer((request, response) => answer(request, response));
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-rtt-'));
    kubeconfig = await writeKubeconfig(folder, server.connection.server.origin);
  });

  afterEach(async () => {
    server.stop();
    await rm(folder, { recursive: true });
  });

  async function rtt(args: readonly string[], signal?: AbortSignal) {
    const context = recordedContext({}, signal);
    const code = await runCommandLine(['rtt', ...args], '1.2.3', context);
    return { code, out: context.printed.out.join('\n'), err: context.printed.err.join('\n') };
  }

  function ofCluster(args: readonly string[] = [], signal?: AbortSignal) {
    return rtt(['--kubeconfig', kubeconfig, ...args], signal);
  }

  it('reads the aggregator through the API server, and draws the matrix', async () => {
    const { code, out, err } = await ofCluster();

    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^round trips - icmp - 3 nodes - 2 zones/);
    assert.match(out, /^worker-1 +\\ +106 +903$/m);
    assert.deepEqual(
      server.taken.map(({ method, url }) => `${method} ${url.pathname}`),
      ['GET /api/v1/namespaces/kube-latency/services/rtt-aggregator:9090/proxy/matrix'],
    );
  });

  it('asks in another namespace', async () => {
    await ofCluster(['--namespace', 'mesh']);

    assert.match(server.taken[0]?.url.pathname ?? '', /\/namespaces\/mesh\/services\//);
  });

  it('prints what the aggregator answered as JSON, which it reads again', async () => {
    const raw = { ...report, newer: [1] };
    answer = (_, response) => json(response, 200, raw);
    const path = join(folder, 'mesh.json');

    const { code, out } = await ofCluster(['--json']);
    await writeFile(path, out);

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), raw);
    assert.equal((await rtt(['--from', path])).out, (await ofCluster()).out);
  });

  it('prints no JSON that is none of a mesh', async () => {
    answer = (_, response) => json(response, 200, { ...report, nodes: 3 });

    const { code, out, err } = await ofCluster(['--json']);

    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /at nodes expected array, got 3$/);
  });

  it('writes a page', async () => {
    const path = join(folder, 'mesh.html');

    const { code, out, err } = await ofCluster(['--html', path]);

    assert.deepEqual([code, out, err], [0, '', `the matrix is in ${path}`]);
    assert.match(await readFile(path, 'utf8'), /^<!doctype html>[^]*Round trips of 3 nodes/);
  });

  const refusals: { what: string; answers: Answer; says: RegExp }[] = [
    {
      what: 'no aggregator is deployed',
      answers: (_, response) => json(response, 404, status(404, 'services "x" not found')),
      says: /it is not deployed there \(services "x" not found\); --namespace names another/,
    },
    {
      what: 'something else answers there',
      answers: (_, response) => response.writeHead(404).end('404 page not found'),
      says: /expected a matrix, got status 404: what answers there is no aggregator/,
    },
    {
      what: 'it is not ready',
      answers: (_, response) =>
        json(response, 503, status(503, 'no endpoints available for service "x"')),
      says: /it is not ready \(no endpoints.*kubectl --namespace=kube-latency describe deployment/,
    },
    {
      what: 'a right is missing',
      answers: (_, response) => json(response, 403, status(403, 'services "x" is forbidden')),
      says: /forbidden; it takes the right to get services\/proxy, named rtt-aggregator:9090, in/,
    },
    {
      what: 'credentials are refused',
      answers: (_, response) => json(response, 401, status(401, 'Unauthorized')),
      says: /expected accepted credentials, got status 401; log in to that cluster again, /,
    },
    {
      what: 'the API server is in trouble',
      answers: (_, response) => json(response, 500, status(500, 'etcd is away')),
      says: /etcd is away$/,
    },
    {
      what: 'it has heard nobody yet',
      answers: (_, response) => json(response, 200, meshReport({ nodes: 0, zones: 0 })),
      says: /no round trip to tell of yet: it has heard no pinger so far; ask again in 10 s/,
    },
    {
      what: 'it has heard some who measured nothing yet',
      answers: (_, response) =>
        json(response, 200, { ...report, pairs: [], zonePairs: [], silent: ['worker-3'] }),
      says: /no round trip to tell of yet: it has heard 2 pingers so far; ask again in 10 s/,
    },
  ];
  for (const { what, answers, says } of refusals) {
    it(`says in one line that ${what}`, async () => {
      answer = answers;

      const { code, out, err } = await ofCluster();

      assert.deepEqual([code, out], [1, '']);
      assert.match(err, /^kube-latency: [^\n]*$/);
      assert.match(err, says);
    });
  }

  it('says that no API server answers', async () => {
    server.stop();

    const { code, err } = await ofCluster();

    assert.equal(code, 1);
    assert.match(err, /asking https:.* for the matrix of service kube-latency\/rtt-aggr.*REFUSED/);
  });

  it('ends with 1 where a limit is exceeded, and says by whom', async () => {
    const ill = { ...report, pairs: withCell(report, 0, 1, allLost) };
    answer = (_, response) => json(response, 200, ill);

    const within = await ofCluster(['--fail-over', 'mean=5ms']);
    const over = await ofCluster(['--fail-over', 'mean=5ms', '--fail-over', 'loss=1%']);

    assert.deepEqual([within.code, within.err], [0, '']);
    assert.deepEqual([over.code, over.err], [1, 'over loss=1%: worker-1 to worker-2 100 %']);
    assert.equal(over.out, within.out);
  });

  it('shows zones where they are asked for', async () => {
    const { out } = await ofCluster(['--zones', '--top', '1']);

    assert.match(out, /from the row's zone to the column's/);
    assert.match(out, /slowest pairs of zones\nFROM.*\nzone-a +zone-b .*$/);
  });

  it('watches until it is interrupted, which is no failure', async () => {
    const stop = new AbortController();
    answer = (_, response) => {
      json(response, 200, report);
      setImmediate(() => stop.abort(new Error('stopped by SIGINT')));
    };

    const { code, err } = await ofCluster(['--watch'], stop.signal);

    assert.deepEqual([code, err], [0, '']);
  });
});
