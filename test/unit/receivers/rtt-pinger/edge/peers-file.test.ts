import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
      path,
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

  it('tells once that the file is gone, and takes it when it is back', async () => {
    await rm(path);
    await until(() => problems.length > 0);
    await writeFile(join(folder, 'new.json'), text('one'));
    await new Promise((resolve) => void setTimeout(resolve, 30));
    assert.equal(problems.length, 1);

    await writeFile(path, text('back'));
    await until(() => names().includes('back'));
  });
});
