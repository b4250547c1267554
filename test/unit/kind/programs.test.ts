import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from '../../../kind/engine.ts';
import { findKind, isRecent } from '../../../kind/programs.ts';

describe('the programs that a kind cluster takes', () => {
  let folder = '';

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'kube-latency-programs-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const context = (env = {}): Parameters<typeof findEngine>[0] => ({
    env: { PATH: folder, ...env },
    signal: new AbortController().signal,
    progress() {},
  });

  async function program(name: string, script: string): Promise<void> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  it('are an engine that answers', async () => {
    await program('docker', 'echo "Cannot connect to the daemon" >&2; exit 1');
    await program('podman', 'echo "$@"');

    const engine = await findEngine(context());

    assert.equal(engine.name, 'podman');
    assert.equal(await engine.ask(['exec', 'node', 'true']), 'exec node true\n');
  });

  it('are the engine that kind was told to use', async () => {
    await program('docker', 'exit 0');

    await assert.rejects(
      findEngine(context({ KIND_EXPERIMENTAL_PROVIDER: 'nerdctl' })),
      /no container engine: expected nerdctl in PATH, found none/,
    );
  });

  it('are named where they are missing, with exit code 2', async () => {
    await assert.rejects(findEngine(context()), {
      exitCode: 2,
      message: /expected docker, nerdctl, podman in PATH, found none; `--on local`/,
    });
  });

  it('say what the engine said that does not answer', async () => {
    await program('docker', 'echo warning >&2; echo "Cannot connect to the daemon" >&2; exit 1');

    await assert.rejects(findEngine(context()), {
      exitCode: 2,
      message: /^docker does not answer: Cannot connect to the daemon; /,
    });
  });

  it('are no kind that is too old', async () => {
    await program('kind', 'echo 0.31.0');

    await assert.rejects(findKind(context()), {
      exitCode: 2,
      message: /expected version 0\.32\.0 or later, got '0\.31\.0'/,
    });
  });

  it('are a kind that is recent enough', async () => {
    await program('kind', 'echo 0.33.0');

    assert.equal(await findKind(context()), join(folder, 'kind'));
  });
});

describe('isRecent()', () => {
  for (const [version, recent] of [
    ['0.31.0', false],
    ['0.32.0', true],
    ['0.33.0-alpha+1', true],
    ['1.0.0', true],
    ['', false],
    ['kind v0.20.0 go1.20', false],
  ] as const)
    it(`holds '${version}' for ${recent ? '' : 'not '}recent enough`, () => {
      assert.equal(isRecent(version), recent);
    });
});
