import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  askCloudInit,
  followCloudInit,
} from '../../../../../receivers/log-tailer/sources/cloud-init/follow.ts';
import { parseStatus } from '../../../../../receivers/log-tailer/sources/cloud-init/status.ts';
import { until } from '../../../../support/until.ts';

/** As cloud-init 24 writes it. */
const status = {
  v1: {
    datasource: 'DataSourceEc2Local',
    init: {
      errors: [],
      finished: 1669604351.2841,
      recoverable_errors: {},
      start: 1669604350.7319,
    },
    'init-local': {
      errors: [],
      finished: 1669604349.9,
      recoverable_errors: {},
      start: 1669604348.25,
    },
    'modules-config': {
      errors: ['Running module x failed'],
      finished: 1669604352.1,
      start: 1669604351.4,
    },
    'modules-final': { errors: [], finished: null, start: 1669604352.5 },
    stage: 'modules-final',
  },
};
const finished = {
  v1: {
    ...status.v1,
    'modules-final': { errors: [], start: 1669604352.5, finished: 1669604354.75 },
  },
};

const seconds = (ns: bigint) => Number(ns / 1000n) / 1e6;

describe("cloud-init's status", () => {
  it('tells when its stages began and ended, and which failed', () => {
    const read = parseStatus(JSON.stringify(status));

    assert.deepEqual(
      read?.occurrences.map(({ event, atUnixNs }) => [event, seconds(atUnixNs)]),
      [
        ['cloudinit_initial_start', 1669604350.7319],
        ['cloudinit_config_start', 1669604351.4],
        ['cloudinit_final_start', 1669604352.5],
      ],
    );
    assert.deepEqual(
      read?.activities.map(({ name, fromUnixNs, toUnixNs, failure }) => [
        name,
        seconds(fromUnixNs),
        seconds(toUnixNs),
        failure,
      ]),
      [
        ['init-local', 1669604348.25, 1669604349.9, undefined],
        ['init', 1669604350.7319, 1669604351.2841, undefined],
        ['modules-config', 1669604351.4, 1669604352.1, 'Running module x failed'],
      ],
    );
    assert.deepEqual([read?.done, parseStatus(JSON.stringify(finished))?.done], [false, true]);
  });

  for (const text of ['', '{', '[]', '{"v2":{}}', 'null', '{"v1":7}'])
    it(`is not read from ${text === '' ? 'nothing' : text}`, () => {
      assert.equal(parseStatus(text), undefined);
    });

  it('is read as far as it is sound', () => {
    const odd = { v1: { init: { start: 'x', finished: -1 }, 'modules-final': 7, stage: null } };

    assert.deepEqual(parseStatus(JSON.stringify(odd)), {
      occurrences: [],
      activities: [],
      done: false,
    });
  });

  describe('in a file', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-cloud-init-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('is followed until the last stage is over, at whichever place it appears', async () => {
      const stop = new AbortController();
      const paths = [join(folder, 'a.json'), join(folder, 'b.json')];
      let changes = 0;
      const source = followCloudInit({
        paths,
        everyMs: 5,
        signal: stop.signal,
        onChange: () => void changes++,
      });
      await until(() => changes === 1);
      assert.match(source.evidence().reports[0]?.problem ?? '', /ENOENT.*a\.json.*ENOENT.*b\.json/);

      await writeFile(paths[1] ?? '', JSON.stringify(status));
      await until(() => source.evidence().occurrences.length === 3);
      await writeFile(paths[1] ?? '', JSON.stringify(finished));
      await source.ended;

      assert.deepEqual(source.evidence().reports, [{ source: 'cloud-init status' }]);
      assert.equal(source.evidence().occurrences.length, 4);
    });

    it('says what else is in it', async () => {
      const path = join(folder, 'a.json');
      await writeFile(path, 'x'.repeat(2_000_000));

      const { reports } = await askCloudInit([path]);

      assert.match(reports[0]?.problem ?? '', /a\.json: expected at most 1048576 bytes, got more$/);
    });
  });
});
