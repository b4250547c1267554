import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { start } from '../../../support/command.ts';

const program = 'receivers/rtt-pinger/main.ts';
const preload = new URL('../../../support/loaded-modules.ts', import.meta.url).href;

describe('the program rtt-pinger', function () {
  this.timeout(20_000);

  for (const [title, args, env, stderr] of [
    ['an unknown flag', ['--intervall=1s'], {}, /Unknown option/],
    ['a bad interval', ['--interval=0s'], {}, /interval: expected a duration/],
    [
      'a file of peers in a folder that is not there',
      [],
      { NET_PROBER_CONFIG_FILE: '/nowhere/config.json' },
      /ENOENT/,
    ],
  ] as const)
    it(`ends with 2 and one line at ${title}`, async () => {
      const ports = { HTTP_PORT: '0', HTTP_PROMETHEUS_PORT: '0' };
      const ended = await start(process.execPath, [program, ...args], { env: { ...ports, ...env } })
        .finished;

      assert.equal(ended.code, 2);
      assert.match(ended.stderr, stderr);
      assert.match(ended.stderr, /^(\{.*\}\n)*rtt-pinger: [^\n]+\n$/);
    });

  it('prints its configuration', async () => {
    const { stdout, code } = await start(process.execPath, [program, '--print-config']).finished;

    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as { interval: number }).interval, 1000);
  });

  it('takes up a configuration of thousands of peers as it is, and prints it whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-pinger-'));
    const config = join(folder, 'config.yaml');
    const peers = Array.from({ length: 5000 }, (_, index) => ({
      name: `node-${index}`,
      address: `127.1.${index >> 8}.${index & 255}`,
    }));
    await writeFile(
      config,
      stringify({ ports: { ping: 0, metrics: 0 }, peers: { static: peers } }),
    );
    try {
      const printed = await start(process.execPath, [program, '--print-config', '--config', config])
        .finished;
      const parsed = JSON.parse(printed.stdout) as { peers: { static: unknown[] } };
      assert.equal(parsed.peers.static.length, peers.length);

      const running = start(process.execPath, [program, '--config', config]);
      running.child.stderr?.on('data', () => {
        if (running.stderr().includes('"targets":5000')) running.child.kill('SIGTERM');
      });
      assert.equal((await running.finished).code, 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('loads nothing for peers that are given, and metrics that are scraped, but what that takes', async () => {
    const running = start(process.execPath, ['--import', preload, program], {
      env: { HTTP_PORT: '0', HTTP_PROMETHEUS_PORT: '0' },
    });
    running.child.stderr?.on('data', () => {
      if (running.stderr().includes('"started"')) running.child.kill('SIGTERM');
    });
    const { stderr } = await running.finished;
    const urls = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as readonly string[];
    const loaded = (part: string): boolean => urls.some((url) => url.includes(part));

    for (const part of ['/koffi/', '/pino/', 'rtt-pinger/receiver.ts', 'node:http'])
      assert.ok(loaded(part), part);
    for (const part of [
      '/zod/',
      '/yaml/',
      '/@opentelemetry/',
      '/@kubernetes/',
      'shared/kubernetes/',
      'node:https',
      'node:tls',
      'node:crypto',
    ])
      assert.ok(!loaded(part), part);
  });

  it('stops at a signal with 0', async () => {
    const running = start(process.execPath, [program], {
      env: { HTTP_PORT: '0', HTTP_PROMETHEUS_PORT: '0' },
    });
    running.child.stderr?.on('data', () => {
      if (running.stderr().includes('"started"')) running.child.kill('SIGTERM');
    });
    const { code, stderr } = await running.finished;

    assert.equal(code, 0);
    assert.match(stderr, /"stopped"/);
  });
});
