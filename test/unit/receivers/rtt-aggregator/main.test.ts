import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from '../../../../receivers/rtt-aggregator/config.ts';
import { start } from '../../../support/command.ts';

const program = 'receivers/rtt-aggregator/main.ts';
const nobody = '--pinger=http://127.0.0.1:9';

describe('the program rtt-aggregator', function () {
  this.timeout(20_000);

  for (const [title, args, stderr] of [
    ['an unknown flag', ['--pingers=x'], /Unknown option/],
    ['no pingers at all', [], /pingers: expected a service, static ones or --pinger, got none/],
    ['a pinger with a path', ['--pinger=http://a/metrics'], /expected http:\/\/HOST:PORT/],
    ['a bad interval', [nobody, '--interval=0s'], /interval: expected a duration/],
    ['a bad port', [nobody, '--port=http'], /port: .*expected number/],
  ] as const)
    it(`ends with 2 and one line at ${title}`, async () => {
      const ended = await start(process.execPath, [program, ...args]).finished;

      assert.equal(ended.code, 2);
      assert.match(ended.stderr, stderr);
      assert.match(ended.stderr, /^rtt-aggregator: [^\n]+\n$/);
    });

  it('stops at a signal with 0', async () => {
    const running = start(process.execPath, [program, nobody, '--port=0']);
    running.child.stderr?.on('data', () => {
      if (running.stderr().includes('"started"')) running.child.kill('SIGTERM');
    });
    const { code, stderr } = await running.finished;

    assert.equal(code, 0);
    assert.match(stderr, /"stopped":true/);
  });
});

describe('the configuration of the aggregator', () => {
  it('comes from the file, then from flags, whose pingers add to those of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    try {
      const config = join(folder, 'aggregator.yaml');
      await writeFile(
        config,
        'interval: 10s\npingers:\n  static: [http://a:2112]\n  service: { namespace: x, name: y }\n',
      );

      const loaded = loadConfig({ config, interval: '2s', port: '9091', pinger: ['http://b:1'] });

      assert.equal(loaded.interval, 2000);
      assert.equal(loaded.port, 9091);
      assert.deepEqual(loaded.pingers, {
        nodes: true,
        static: ['http://a:2112', 'http://b:1'],
        service: { namespace: 'x', name: 'y', port: 'metrics' },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('knows no other keys', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    try {
      const config = join(folder, 'unknown-key.yaml');
      await writeFile(config, 'pingers:\n  statics: []\n');

      assert.throws(() => loadConfig({ config }), {
        name: 'ConfigError',
        message: /pingers.*statics/,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
