import assert from 'node:assert/strict';

import { start } from '../../../support/command.ts';

const program = 'receivers/rtt-pinger/main.ts';

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
