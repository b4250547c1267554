import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PeersFile } from '../../../../../receivers/rtt-pinger/core/peers-file.ts';
import { followPeersFile } from '../../../../../receivers/rtt-pinger/edge/peers-file.ts';
import { until } from '../../../../support/until.ts';

const text = (name: string): string =>
  JSON.stringify({ endpointsMap: { [name]: { ip: '192.0.2.1', port: 1 } }, pollingPeriod: 1e9 });

describe('followPeersFile', () => {
  const parse = JSON.parse;
  let folder: string;
  let path: string;
  let stop: AbortController;
  let ended: Promise<void>;
  let parsed: number;
  let changes: PeersFile[];
  let problems: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    path = join(folder, 'config.json');
    stop = new AbortController();
    [parsed, changes, problems] = [0, [], []];
    await writeFile(path, text('one'));
    JSON.parse = (...given) => {
      parsed++;
      return parse(...given);
    };
    ({ ended } = await followPeersFile({
      paths: [path, join(folder, 'config-2.json')],
      everyMs: 5,
      signal: stop.signal,
      onChange: (file) => changes.push(file),
      onProblem: (problem) => problems.push(problem),
    }));
  });
  afterEach(async () => {
    JSON.parse = parse;
    stop.abort();
    await ended;
    await rm(folder, { recursive: true });
  });

  const names = (): string[] => changes.map(({ peers }) => peers.map(({ name }) => name).join());

  it('reads a change, and parses no text twice', async () => {
    await writeFile(path, text('two'));
    await until(() => changes.length > 0);
    await writeFile(path, text('six'));
    await until(() => changes.length > 1);
    await new Promise((resolve) => void setTimeout(resolve, 50));

    assert.deepEqual(names(), ['two', 'six']);
    // A write may be seen half done.
    assert.ok(parsed <= 3 + problems.length, `${parsed}`);
  });

  it('has no peers when the file is gone, and takes it when it is back', async () => {
    await rm(path);
    await until(() => changes.length > 0);
    assert.deepEqual(changes[0], { peers: [], intervalMs: undefined });

    await writeFile(path, text('back'));
    await until(() => names().includes('back'));
    assert.deepEqual(
      problems.filter((problem) => !problem.includes('not JSON')),
      [],
    );
  });

  it('does not take a file for gone that is replaced a moment later', async () => {
    for (let round = 0; round < 20; round++) {
      // Between the two it is looked at once, at most: looks need the event loop.
      renameSync(path, `${path}.old`);
      renameSync(`${path}.old`, path);
      await new Promise((resolve) => void setTimeout(resolve, 15));
    }

    assert.ok(!changes.some(({ peers }) => peers.length === 0));
  });

  it('has the peers of all its files, also of one that comes later and goes again', async () => {
    const second = join(folder, 'config-2.json');
    await writeFile(`${second}.new`, text('two'));
    await rename(`${second}.new`, second);
    await until(() => names().includes('one,two'));
    await rm(second);

    await until(() => names().at(-1) === 'one');
  });

  it('keeps what there was while a file is wrong, and tells which one once', async () => {
    const second = join(folder, 'config-2.json');
    await writeFile(second, 'wrong');
    await until(() => problems.length > 0);
    await new Promise((resolve) => void setTimeout(resolve, 50));

    assert.equal(problems.at(-1)?.startsWith(`${second}: not JSON`), true);
    assert.ok(problems.length <= 2, problems.join());
    assert.deepEqual(changes, []);
  });
});

describe('a file of peers that is not there at the start', () => {
  it('has no peers until it comes, where its folder is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    const path = join(folder, 'config.json');
    const stop = new AbortController();
    const changes: PeersFile[] = [];
    const { file, ended } = await followPeersFile({
      paths: [path],
      everyMs: 5,
      signal: stop.signal,
      onChange: (changed) => changes.push(changed),
      onProblem: () => {},
    });
    try {
      assert.deepEqual(file, { peers: [], intervalMs: undefined });
      await writeFile(`${path}.new`, text('one'));
      await rename(`${path}.new`, path);
      await until(() => changes.length > 0);
      assert.deepEqual(
        changes[0]?.peers.map(({ name }) => name),
        ['one'],
      );
    } finally {
      stop.abort();
      await ended;
      await rm(folder, { recursive: true });
    }
  });
});
