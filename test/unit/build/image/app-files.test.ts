import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../../../build/bundle.ts';
import { imageEntry, imagePrograms } from '../../../../build/image/app-files.ts';
import { commandReplacements } from '../../../../build/image/bundle-programs.ts';
import { pageShell as rttShell } from '../../../../cli/rtt/html/page-shell.ts';
import { pageShell as traceShell } from '../../../../cli/trace/html/page-shell.ts';

interface Failed {
  readonly code: number;
  readonly stderr: string;
}

describe('the command in the image', function () {
  this.timeout(60_000);
  let folder: string;
  let entry: string;
  let texts: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    entry = await bundle(imagePrograms['kube-latency'], folder, await commandReplacements());
    const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
    texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  });
  after(() => rm(folder, { recursive: true }));

  it('tells its version', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [entry, '--version']);

    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  for (const command of ['up', 'start', 'down'])
    it(`refuses ${command}, which takes the repository, with exit code 2`, async () => {
      const failed = promisify(execFile)(process.execPath, [entry, command]);

      await assert.rejects(failed, ({ code, stderr }: Failed) => {
        assert.equal(code, 2);
        assert.match(
          stderr,
          /^kube-latency: up, start and down are not part of the container image/,
        );
        return true;
      });
    });

  it('holds the pages as they were bundled, and no bundler', async () => {
    for (const { style } of [await traceShell(), await rttShell()])
      assert.ok(
        texts.some((text) => text.includes(JSON.stringify(style.slice(-200)).slice(1, -1))),
      );
    assert.ok(!texts.some((text) => /(?:from|import)\s*\(?["']esbuild["']/.test(text)));
  });
});

describe('bundle()', () => {
  it('refuses to replace a module that the program does not have', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    const bundled = bundle('build/no-undici.ts', folder, { 'local/up.ts': '' });

    await assert.rejects(bundled, /local\/up\.ts is not part of the bundle/);
    await rm(folder, { recursive: true });
  });
});

describe('imageEntry()', () => {
  it('is where the manifests start a program', () => {
    assert.equal(imageEntry('pod-prober'), '/app/pod-prober/main.mjs');
  });
});
