import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLogs } from '../../../../../receivers/log-tailer/follow/follow-logs.ts';
import { ConfigError } from '../../../../../receivers/shared/errors.ts';
import { until } from '../../../../support/until.ts';
import { startFollower, type TestFollower } from './following.ts';
import { noLog } from './no-log.ts';

describe('following what is not as it should be', () => {
  let folder: string;
  let follower: TestFollower | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-follow-'));
  });
  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
    await rm(folder, { recursive: true });
  });

  for (const [glob, expected] of [
    ['', /^glob "": expected a pattern of files$/],
    ['/var/log/', /^glob "\/var\/log\/": expected a pattern of files$/],
    ['/var/**', /^glob "\/var\/\*\*": expected a pattern of files after \*\*$/],
    [
      '/var/{log/a,b}',
      /^glob "[^"]*": expected no slash within braces or brackets; give two globs$/,
    ],
  ] as const)
    it(`refuses ${glob === '' ? 'an empty glob' : glob}`, () => {
      const { signal } = new AbortController();
      const options = { globs: [glob], signal, log: noLog, onChunk: () => undefined };

      assert.throws(
        () => followLogs(options),
        (error: Error) => error instanceof ConfigError && expected.test(error.message),
      );
    });

  it('says that nothing matches a glob, and reads what comes later, folders included', async () => {
    follower = await startFollower({ globs: [join(folder, 'later/*/app.log')] });
    assert.deepEqual(follower.warned, ['no file matches; waiting for one']);

    await mkdir(join(folder, 'later/one'), { recursive: true });
    await writeFile(join(folder, 'later/one/app.log'), 'first\n');

    await until(() => follower?.lines().length === 1);
    assert.deepEqual(follower.lines(), ['first']);
  });

  it('counts and tells once what cannot be opened, and reads the others', async () => {
    await symlink('loop.log', join(folder, 'loop.log'));
    await writeFile(join(folder, 'sound.log'), 'sound\n');

    follower = await startFollower({ globs: [join(folder, '*.log')] });

    await until(() => follower?.lines().length === 1);
    assert.ok(follower.counts.unreadable > 0);
    assert.deepEqual(follower.warned, ['log cannot be read; tried again']);
  });

  it('leaves alone what is no file', async () => {
    await mkdir(join(folder, 'folder.log'));
    await writeFile(join(folder, 'sound.log'), 'sound\n');

    follower = await startFollower({ globs: [join(folder, '*.log')] });

    await until(() => follower?.lines().length === 1);
    assert.equal(follower.counts.logsKnown, 1);
  });

  it('says of a file in a compression that is not read that it is left out', async () => {
    await writeFile(join(folder, 'old.log.1'), Buffer.from('fd377a585a000004', 'hex'));

    follower = await startFollower({ globs: [join(folder, '*.log*')] });

    await until(() => follower?.counts.damaged === 1);
    assert.deepEqual(follower.warned, [
      'compressed log is left out: only gzip that is whole is read',
    ]);
  });

  it('hands on bytes that are no text as they are', async () => {
    const path = join(folder, 'binary.log');
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xc3, 0x28, 0x0a]),
      randomBytes(300_000),
      Buffer.from('\n'),
    ]);
    await writeFile(path, bytes.subarray(0, 1000));

    follower = await startFollower({ globs: [path] });
    await appendFile(path, bytes.subarray(1000));

    await until(() => follower?.bytes().length === bytes.length);
    assert.ok(follower.bytes().equals(bytes));
  });

  it('hands on a line that is longer than a chunk in pieces, and counts it', async () => {
    const path = join(folder, 'long.log');
    await writeFile(path, `${'x'.repeat(20_000)}\nshort\n`);

    follower = await startFollower({ globs: [path], chunkBytes: 4096 });

    await until(() => follower?.lines().length === 2);
    assert.deepEqual(follower.lines(), ['x'.repeat(20_000), 'short']);
    assert.equal(follower.counts.longLines, 1);
  });
});
