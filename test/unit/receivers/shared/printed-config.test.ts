import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigError, StartupError } from '../../../../receivers/shared/errors.ts';
import { printedConfig } from '../../../../receivers/shared/printed-config.ts';

describe('printedConfig()', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-printed-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What a program of these lines, called with a flag, is held to have printed. */
  async function printedBy(lines: string): Promise<unknown> {
    const program = join(folder, 'program.mjs');
    await writeFile(program, lines);
    const argv = [process.execPath, program, '--interval=1s'];
    return printedConfig('pinger', { execPath: process.execPath, argv });
  }

  it('is what the program prints when it is started with the same flags and --print-config', async () => {
    const config = await printedBy(
      'console.log(JSON.stringify({ flags: process.argv.slice(2), peers: Array(1e5).fill("peer") }))',
    );

    const { flags, peers } = config as { flags: string[]; peers: string[] };
    assert.deepEqual(flags, ['--interval=1s', '--print-config']);
    assert.equal(peers.length, 1e5);
    assert.ok(Object.isFrozen(config));
  });

  it('is the error that the program tells, where the configuration is wrong', async () => {
    await assert.rejects(
      printedBy('console.error("a line\\npinger: interval: expected a duration"); process.exit(2)'),
      (error) => error instanceof ConfigError && error.message === 'interval: expected a duration',
    );
  });

  for (const { what, lines, message } of [
    {
      what: 'fails in another way',
      lines: 'console.error("out of memory"); process.exit(134)',
      message: 'reading the configuration: out of memory',
    },
    {
      what: 'prints something else',
      lines: 'console.log("{")',
      message: /^reading the configuration: .*JSON/,
    },
  ])
    it(`is an error of the start where the program ${what}`, async () => {
      await assert.rejects(printedBy(lines), (error) => {
        assert.ok(error instanceof StartupError);
        assert.match(error.message, new RegExp(message));
        return true;
      });
    });
});
