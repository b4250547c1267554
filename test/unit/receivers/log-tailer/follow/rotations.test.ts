import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { until } from '../../../../support/until.ts';
import { startFollower, type TestFollower } from './following.ts';

const times = { pollMs: 20, graceMs: 200, unclearMs: 300, writtenMs: 50 };
/** Until all that is waited for has been waited for. */
const afterAllMs = 1200;

describe('following rotations', () => {
  let folder: string;
  let log: string;
  let follower: TestFollower | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-follow-'));
    log = join(folder, 'a.log');
    writeFileSync(log, '');
  });
  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
    await rm(folder, { recursive: true });
  });

  it('reads a log that was written anew and is as long as before', async () => {
    follower = await startFollower({ globs: [log], watch: 'polling', times });
    appendFileSync(log, 'one of eight\n');
    await until(() => follower?.lines().length === 1);

    truncateSync(log);
    appendFileSync(log, 'two of eight\n');

    await until(() => follower?.lines().length === 2);
    assert.deepEqual(follower.lines(), ['one of eight', 'two of eight']);
  });

  it('reads once what was copied before its log was known, whichever of both is told of first', async () => {
    writeFileSync(`${log}.1`, 'first\n');
    writeFileSync(log, 'second\n');
    follower = await startFollower({ globs: [`${log}*`], times });
    await until(() => follower?.lines().length === 2);

    renameSync(`${log}.1`, `${log}.2`);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'third\n');
    renameSync(`${log}.2`, `${log}.3`);
    renameSync(`${log}.1`, `${log}.2`);
    copyFileSync(log, `${log}.1`);

    await sleep(afterAllMs);
    assert.deepEqual(follower.lines(), ['first', 'second', 'third']);
    assert.equal(follower.counts.copies, 1);
  });

  it('reads once what was compressed before it was read', async () => {
    follower = await startFollower({ globs: [`${log}*`], watch: 'polling', times });

    appendFileSync(log, 'first\n');
    const { atime, mtime } = statSync(log);
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
    utimesSync(`${log}.1.gz`, atime, mtime);
    unlinkSync(log);
    writeFileSync(log, 'second\n');

    await sleep(afterAllMs);
    assert.deepEqual(follower.lines().toSorted(), ['first', 'second']);
  });

  it('waits for the rest of a compressed log that is being written', async () => {
    follower = await startFollower({ globs: [`${log}*`], times: { ...times, unclearMs: 5000 } });
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    appendFileSync(log, `${lines.join('\n')}\n`);
    await until(() => follower?.lines().length === lines.length);

    const bytes = gzipSync(readFileSync(log), { level: 0 });
    const half = bytes.length >> 1;
    writeFileSync(`${log}.1.gz`, bytes.subarray(0, half));
    unlinkSync(log);
    await sleep(afterAllMs);
    appendFileSync(`${log}.1.gz`, bytes.subarray(half));

    await sleep(afterAllMs);
    assert.deepEqual(follower.lines(), lines);
  });

  it('reads once what was copied, written on, truncated, and compressed', async () => {
    follower = await startFollower({ globs: [`${log}*`], watch: 'polling', times });
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    appendFileSync(log, `${lines.join('\n')}\n`);
    copyFileSync(log, `${log}.1`);
    appendFileSync(log, 'between\n');
    await until(() => follower?.lines().length === lines.length + 1);

    truncateSync(log);
    await until(() => follower?.counts.truncations === 1);
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(`${log}.1`)));
    unlinkSync(`${log}.1`);
    appendFileSync(log, 'after\n');

    await sleep(afterAllMs);
    assert.deepEqual(follower.lines(), [...lines, 'between', 'after']);
  });
});
