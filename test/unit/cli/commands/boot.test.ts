import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../../cli/run.ts';
import { recordJson } from '../../../../receivers/log-tailer/boot/chart/json.ts';
import { bootRecord } from '../../../support/boot-record.ts';
import { nodeObject, podObject } from '../../receivers/log-tailer/sources/kubernetes/objects.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../receivers/shared/kubernetes/fake-api-server.ts';
import { recordedContext } from '../context.ts';
import { writeKubeconfig } from '../kubeconfig.ts';

const good = recordJson(bootRecord());
const tailerPod = {
  metadata: { name: 'agent-x7k2p' },
  spec: { containers: [{ name: 'collector' }, { name: 'log-tailer' }] },
};

async function boot(args: readonly string[]) {
  const context = recordedContext();
  const code = await runCommandLine(['boot', ...args], '1.2.3', context);
  return { code, out: context.printed.out.join('\n'), err: context.printed.err.join('\n') };
}

describe('kube-latency boot', () => {
  let folder: string;
  let saved: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-boot-'));
    saved = join(folder, 'boot.json');
    await writeFile(saved, JSON.stringify(good));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('draws a saved boot', async () => {
    const { code, out, err } = await boot(['--from', saved]);

    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^boot of worker-1\n25\.0 s - c6a\.large/);
    assert.match(out, /^Pod Ready +02:59:32 +25s +K8s +\|$/m);
  });

  it('prints a chart in Markdown, without comments where they are not wanted', async () => {
    const { code, out } = await boot(['--from', saved, '-o', 'markdown', '--no-comments']);

    assert.equal(code, 0);
    assert.match(out, /^### i-0681ec41ddb32ba4e \| c6a\.large \| x86_64 \| us-east-2b\n\| +EVENT/);
    assert.match(out, /\n\| Node Schedulable +\| 2022-11-28T02:59:34\.2Z +\| 27s \|$/);
    assert.ok(!out.includes('COMMENT'));
  });

  it('prints JSON that it reads again', async () => {
    const { out } = await boot(['--from', saved, '--output', 'json']);

    assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(good)));
  });

  it('ends with the last terminal event, in whole seconds and nanoseconds, in the classic form', async () => {
    const markdown = await boot(['--from', saved, '-o', 'markdown', '--classic']);
    const { out } = await boot(['--from', saved, '-o', 'json', '--classic']);

    const { timings } = JSON.parse(out) as { timings: { seconds: number }[] };
    assert.match(
      markdown.out,
      /\n\| Pod Ready +\| 2022-11-28T02:59:32Z \| 25s \| default\/web +\|$/,
    );
    assert.equal(timings.at(-1)?.seconds, 25_000_000_000);
  });

  it('draws the trace that is exported', async () => {
    const { out } = await boot(['--from', saved, '--output', 'waterfall']);

    assert.match(out, /^trace [0-9a-f]{32}/);
    assert.match(out, /node\.boot\.unit#\S*/);
    assert.match(out, /x node\.boot\.\S*broken/);
  });

  it('writes a page', async () => {
    const path = join(folder, 'boot.html');

    const { code, out, err } = await boot(['--from', saved, '-o', 'html', '--file', path]);

    assert.deepEqual([code, out, err], [0, '', `the boot is in ${path}`]);
    assert.match(await readFile(path, 'utf8'), /^<!doctype html>[^]*Boot of worker-1 · 2022-11-28/);
  });

  it('counts from the chosen event, and says where that has not happened', async () => {
    const there = await boot(['--from', saved, '--anchor', 'kubelet_start', '-o', 'markdown']);
    const gone = await boot(['--from', saved, '--anchor', 'fleet_requested', '-o', 'markdown']);

    assert.match(there.out, /\| VM Initialized +\| 2022-11-28T02:59:07Z +\| -7s +\|/);
    assert.match(gone.out, /\| VM Initialized +\| 2022-11-28T02:59:07Z +\| 0s +\|/);
    assert.equal(gone.err, 'fleet_requested has not happened; time zero is the earliest event');
  });

  it('ends with 3 where a terminal event is missing, and names it', async () => {
    await writeFile(saved, JSON.stringify(recordJson(bootRecord(['node_ready', 'pod_ready']))));

    const { code, out, err } = await boot(['--from', saved]);

    assert.equal(code, 3);
    assert.match(out, /^Node Ready +not told by Messages, K8s$/m);
    assert.equal(err, 'not complete, for it was not told of: node_ready, pod_ready');
  });

  it('asks a log tailer that it can reach', async () => {
    const asked: string[] = [];
    const server: Server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end(JSON.stringify(good));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const { code, out } = await boot(['--from', `http://127.0.0.1:${port}`]);
    server.close();

    assert.equal(code, 0);
    assert.deepEqual(asked, ['/boot']);
    assert.match(out, /^boot of worker-1/);
  });

  const wrong: { what: string; text: string; says: RegExp }[] = [
    {
      what: 'nothing',
      text: '',
      says: /expected the JSON of a boot, as kube-latency boot --output json prints it, got nothing$/,
    },
    {
      what: 'no JSON',
      text: 'hello',
      says: /expected the JSON of a boot, as kube-latency boot --output json prints it, got "hello"$/,
    },
    {
      what: 'other JSON',
      text: '{"nodes":[]}',
      says: /boot\.json: .*--output json prints it: at node .*expected record/,
    },
    {
      what: 'a time that is none',
      text: JSON.stringify({ ...good, end: 'yesterday' }),
      says: /at end expected a time such as 2026-11-21T09:30:00Z, got 'yesterday'$/,
    },
  ];
  for (const { what, text, says } of wrong)
    it(`says in one line that it read ${what}`, async () => {
      await writeFile(saved, text);

      const { code, out, err } = await boot(['--from', saved]);

      assert.deepEqual([code, out], [1, '']);
      assert.match(err, /^kube-latency: reading a boot from [^\n]*$/);
      assert.match(err, says);
    });

  for (const [args, says] of [
    [
      ['--output', 'table'],
      /--output.*expected one of text, markdown, json, html, waterfall, got 'table'$/,
    ],
    [['--boot', 'x'], /--boot.*expected 0 for the last boot.*got 'x'$/],
    [['--from', '/x', '--node', 'y'], /--from.*cannot be used with.*--node/],
  ] as const)
    it(`ends with 2 on ${args.join(' ')}`, async () => {
      const { code, err } = await boot(args);

      assert.equal(code, 2);
      assert.match(err, says);
    });

  it('ends with 2 where there is no such boot', async () => {
    const { code, err } = await boot(['--from', saved, '--boot', '-3']);

    assert.equal(code, 2);
    assert.match(err, /expected a boot -3 among 1 \(e6f4d4b6/);
  });

  describe('of a cluster', () => {
    let server: FakeApiServer;
    let kubeconfig: string;
    let nodes: object[];
    let tailers: object[];
    let refused: string;

    beforeEach(async () => {
      nodes = [nodeObject({ ready: { status: 'True', since: 18 } })];
      tailers = [tailerPod];
      refused = '';
      server = await startFakeApiServer(({ url }, response) => {
        const { pathname } = url;
        const items = (list: object[]) =>
          json(response, 200, { metadata: { resourceVersion: '1' }, items: list });
        if (pathname === refused)
          return json(response, 403, { kind: 'Status', message: 'it is forbidden' });
        if (pathname.endsWith('/proxy/boot')) return json(response, 200, good);
        if (pathname === '/api/v1/nodes') return items(nodes);
        if (pathname.includes('/default/'))
          return items([podObject({ name: 'web', scheduled: 19, ready: 25 })]);
        items(tailers);
      });
      kubeconfig = await writeKubeconfig(folder, server.connection.server.origin);
    });
    afterEach(() => server.stop());

    const ofCluster = (...args: string[]) => boot(['--kubeconfig', kubeconfig, ...args]);

    it('asks the log tailer of the node through the API server', async () => {
      const { code, out, err } = await ofCluster();

      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^boot of worker-1/);
      assert.deepEqual(
        server.taken.map(({ url }) => url.pathname),
        [
          '/api/v1/nodes',
          '/api/v1/namespaces/kube-latency-node/pods',
          '/api/v1/namespaces/kube-latency-node/pods/agent-x7k2p:2112/proxy/boot',
        ],
      );
    });

    it('shows what the API tells where no log tailer runs, and says so', async () => {
      tailers = [];

      const { code, out, err } = await ofCluster('--node', 'worker-1');

      assert.equal(code, 0);
      assert.match(
        err,
        /^only what the API tells, for the log tailer of worker-1 was not asked: none runs on it in/,
      );
      assert.match(out, /^Node Ready +09:30:18 +13s +K8s/m);
      assert.match(out, /^Pod Ready +09:30:25 +20s/m);
    });

    it('shows what the API tells where the log tailer may not be asked', async () => {
      refused = '/api/v1/namespaces/kube-latency-node/pods/agent-x7k2p:2112/proxy/boot';

      const { code, err } = await ofCluster();

      assert.equal(code, 0);
      assert.match(
        err,
        /pod kube-latency-node\/agent-x7k2p: it is forbidden; `kubectl auth can-i --list` tells/,
      );
    });

    it('wants the name of the node where there are several', async () => {
      nodes = [nodeObject(), nodeObject()];

      const { code, err } = await ofCluster();

      assert.equal(code, 1);
      assert.match(
        err,
        /expected --node NAME, for there are several nodes; kubectl get nodes lists them$/,
      );
    });

    it('says that it may not read the nodes', async () => {
      refused = '/api/v1/nodes';

      const { code, err } = await ofCluster('--node', 'worker-1');
      tailers = [];
      const without = await ofCluster('--node', 'worker-1');

      assert.equal(code, 0);
      assert.equal(err, '');
      assert.equal(without.code, 1);
      assert.match(without.err, /for the boot of a node: it is forbidden$/);
    });
  });
});
