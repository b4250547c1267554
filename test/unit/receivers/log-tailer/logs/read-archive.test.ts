import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { BootRecord } from '../../../../../receivers/log-tailer/boot/boot-record.ts';
import { classicJson } from '../../../../../receivers/log-tailer/boot/chart/json.ts';
import { bootRecords } from '../../../../../receivers/log-tailer/boot/records.ts';
import {
  readArchive,
  type ReadArchiveOptions,
} from '../../../../../receivers/log-tailer/logs/read-archive.ts';
import { al2Boot, al2BootWrittenUnixMs } from '../../../../fixtures/log-tailer/al2-boot.ts';
import { exportSamples } from '../../../../support/journal/samples.ts';
import { needsSystemd, writeJournal } from '../../../../support/journal/systemd.ts';
import { journalSamples, writeAl2Boot } from './archives.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const [firstId, secondId] = ['a'.repeat(32), 'b'.repeat(32)];
const startUnixMs = Date.UTC(2026, 10, 21, 9, 30);

describe('logs that were taken from a node', function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-archive-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function boots(
    paths: readonly string[] = [folder],
    options: Partial<ReadArchiveOptions> = {},
  ): Promise<readonly BootRecord[]> {
    const { definitions, evidence } = await readArchive({
      paths,
      pack: 'auto',
      podNamespace: 'default',
      timeZone: '',
      year: 2022,
      log,
      signal: new AbortController().signal,
      ...options,
    });
    return bootRecords({ definitions, evidence });
  }

  const told = (record: BootRecord | undefined): Record<string, number> =>
    Object.fromEntries(
      (record?.measurement.timings ?? []).map(({ event, sinceNs }) => [
        event.metric,
        Number(sinceNs / 1_000_000n) / 1000,
      ]),
    );

  const missing = (record: BootRecord | undefined): string[] =>
    (record?.measurement.missing ?? []).map(({ event }) => event.metric);

  it('tell of a boot what node-latency-for-k8s tells, in its form and to its seconds', async () => {
    await writeAl2Boot(folder);

    const [record, ...others] = await boots();

    assert.ok(record);
    assert.deepEqual(others, []);
    const { timings } = JSON.parse(classicJson(record)) as {
      timings: { event: { metric: string }; seconds: number }[];
    };
    assert.deepEqual(
      timings.map(({ event, seconds }) => [event.metric, Math.floor(seconds / 1e9)]),
      [
        ['vm_initialized', 0],
        ['network_start', 3],
        ['network_ready', 3],
        ['cloudinit_initial_start', 3],
        ['conatinerd_start', 3],
        ['conatinerd_initialized', 3],
        ['cloudinit_config_start', 4],
        ['cloudinit_final_start', 4],
        ['cloudinit_final_finish', 7],
        ['kubelet_start', 7],
        ['kubelet_initialized', 7],
        ['kubelet_registered', 8],
        ['kube_proxy_start', 9],
        ['vpc_cni_init_start', 9],
        ['aws_node_start', 12],
        ['vpc_cni_plugin_initialized', 15],
        ['node_ready', 18],
        ['pod_ready', 25],
      ],
    );
    assert.equal(record.measurement.complete, true);
  });

  it('name the readiness of a node that is missing, for which a boot is not complete', async () => {
    await writeAl2Boot(folder, { ready: false });

    const [record] = await boots();

    assert.equal(record?.measurement.complete, false);
    assert.deepEqual(
      record?.measurement.missing.filter(({ awaited }) => awaited).map(({ event }) => event.metric),
      ['node_ready'],
    );
  });

  it('name the CNI plugin that is missing, without which a boot is complete', async () => {
    await writeAl2Boot(folder, { cni: false });

    const [record] = await boots();

    assert.equal(record?.measurement.complete, true);
    assert.ok(missing(record).includes('vpc_cni_plugin_initialized'));
  });

  it('are found where a folder is the /var/log of the node, and where files are named one by one', async () => {
    await writeAl2Boot(folder);
    const expected = told((await boots())[0]);
    const cni = Object.keys(al2Boot().pods).map((path) => join(folder, 'var/log/pods', path));

    const ofLogs = await boots([join(folder, 'var/log')]);
    const ofFiles = await boots([join(folder, 'var/log/messages'), ...cni]);

    assert.deepEqual(told(ofLogs[0]), expected);
    assert.deepEqual(told(ofFiles[0]), expected);
  });

  it('are of two boots where a log tells of two, also over a rotation and compressed', async () => {
    const { messages } = al2Boot();
    const logs = join(folder, 'var/log');
    await mkdir(logs, { recursive: true });
    await writeFile(join(logs, 'messages-20221129.gz'), gzipSync(messages));
    const later = messages
      .replaceAll('Nov 28 02:', 'Nov 30 05:')
      .replaceAll('2022-11-28T02:', '2022-11-30T05:')
      .replaceAll('1128 02:', '1130 05:');
    const lines = later.split('\n');
    const half = Math.floor(lines.length / 2);
    await writeFile(join(logs, 'messages-20221130'), `${lines.slice(0, half).join('\n')}\n`);
    await writeFile(join(logs, 'messages'), lines.slice(half).join('\n'));

    const found = await boots();

    assert.equal(found.length, 2);
    const { vpc_cni_plugin_initialized: _, ...rest } = told((await boots())[0]);
    assert.deepEqual(told(found[1]), rest);
    assert.equal(
      (found[1]?.measurement.zero?.atUnixNs ?? 0n) - (found[0]?.measurement.zero?.atUnixNs ?? 0n),
      BigInt(2 * 24 + 3) * 3_600_000_000_000n,
    );
  });

  it('are of the year in which their files were last changed, where none is told', async () => {
    await writeAl2Boot(folder);
    const written = new Date(al2BootWrittenUnixMs + 40 * 24 * 3_600_000);
    await utimes(join(folder, 'var/log/messages'), written, written);

    const [record] = await boots([folder], { year: undefined });

    const zeroMs = Number((record?.measurement.zero?.atUnixNs ?? 0n) / 1_000_000n);
    assert.equal(new Date(zeroMs).toISOString(), '2022-11-28T02:59:07.000Z');
  });

  it('are of the zone that is named, or that the node was in', async () => {
    await writeAl2Boot(folder);
    const hours = (records: readonly BootRecord[]) =>
      new Date(Number((records[0]?.measurement.zero?.atUnixNs ?? 0n) / 1_000_000n)).getUTCHours();

    const named = await boots([folder], { timeZone: '+02:00' });
    await mkdir(join(folder, 'etc'));
    await writeFile(join(folder, 'etc/timezone'), 'Europe/Helsinki\n');
    const ofNode = await boots();

    assert.deepEqual([hours(named), hours(ofNode)], [0, 0]);
    await assert.rejects(boots([folder], { timeZone: 'Nowhere/Land' }), {
      name: 'ConfigError',
      message: /^timeZone: expected a name such as .* got 'Nowhere\/Land'$/,
    });
  });

  it('tell of nothing where there is nothing', async () => {
    const [record] = await boots();

    assert.equal(record?.measurement.zero, undefined);
    assert.match(
      record?.measurement.missing.find(({ event }) => event.metric === 'node_ready')?.why ?? '',
      /Messages: there is nothing of it in \S+kube-latency-archive/,
    );
  });

  it('are refused where a path is none', async () => {
    await assert.rejects(boots([join(folder, 'gone')]), {
      name: 'ConfigError',
      message: /^reading \S+gone: ENOENT/,
    });
  });

  it('that are binary or no text tell of nothing, and hold nothing up', async () => {
    const logs = join(folder, 'var/log');
    await mkdir(logs, { recursive: true });
    const random = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256));
    await writeFile(join(logs, 'messages'), random);
    await writeFile(join(logs, 'messages-1.gz'), random);
    await writeFile(join(logs, 'dmesg'), Buffer.alloc(50_000, 0xff));

    const [record] = await boots();

    assert.equal(record?.measurement.zero, undefined);
  });

  describe('with a journal', () => {
    needsSystemd();

    async function writeJournals(...all: Parameters<typeof journalSamples>[0][]): Promise<Buffer> {
      const exported = exportSamples(all.flatMap(journalSamples));
      const journal = join(folder, 'var/log/journal', '0'.repeat(31).concat('1'));
      await mkdir(journal, { recursive: true });
      writeJournal(join(journal, 'system.journal'), exported, {
        isCompact: true,
        isKeyedHash: true,
      });
      await rm(join(journal, 'source.export'));
      return exported;
    }

    const expected = {
      vm_initialized: 0,
      network_ready: 3,
      conatinerd_start: 4,
      conatinerd_initialized: 5.5,
      kubelet_start: 6,
      kubelet_registered: 7,
      node_ready: 12.75,
    };

    it('tell a boot to the microsecond, with its kernel, its units and its id', async () => {
      await writeJournals({ bootId: firstId, startUnixMs });

      const [record] = await boots();

      assert.deepEqual(told(record), expected);
      assert.equal(record?.facts.bootId, firstId);
      assert.equal(record?.measurement.timings[1]?.precisionNs, 1000);
      assert.deepEqual(
        record?.activities.map(({ kind, name, fromUnixNs, toUnixNs }) => [
          kind,
          name,
          Number(fromUnixNs / 1_000_000n) - startUnixMs,
          Number(toUnixNs / 1_000_000n) - startUnixMs,
        ]),
        [
          ['userspace', 'userspace', 1500, 6500],
          ['initrd', 'initrd', 1000, 1500],
          ['kernel', 'kernel', 0, 1000],
          ['unit', 'chronyd.service', 1000, 2250],
          ['unit', 'containerd.service', 4000, 5500],
        ],
      );
    });

    it('tell distances by the clock that is never set, though the other was an hour behind', async () => {
      await writeJournals({ bootId: firstId, startUnixMs, behindMs: 3_600_000 });

      const [record] = await boots();

      assert.deepEqual(told(record), expected);
      assert.equal(Number((record?.measurement.zero?.atUnixNs ?? 0n) / 1_000_000n), startUnixMs);
    });

    it('tell two boots apart by their ids, however soon the second came', async () => {
      await writeJournals(
        { bootId: firstId, startUnixMs },
        { bootId: secondId, startUnixMs: startUnixMs + 20_000 },
      );

      const found = await boots();

      assert.deepEqual(
        found.map(({ facts }) => facts.bootId),
        [firstId, secondId],
      );
      assert.deepEqual(found.map(told), [expected, expected]);
    });

    it('are the same in the form in which journalctl exports them', async () => {
      const exported = await writeJournals({ bootId: firstId, startUnixMs });
      const path = join(folder, 'boot.export');
      await writeFile(path, exported);

      const [record] = await boots([path]);

      assert.deepEqual(told(record), expected);
      assert.equal(record?.facts.bootId, firstId);
    });

    it('are read from a file of its own', async () => {
      await writeJournals({ bootId: firstId, startUnixMs });
      const path = join(folder, 'var/log/journal', `${'0'.repeat(31)}1`, 'system.journal');
      const bytes = await readFile(path);
      await mkdir(join(folder, 'taken'));
      await writeFile(join(folder, 'taken/system.journal'), bytes);

      assert.deepEqual(told((await boots([join(folder, 'taken/system.journal')]))[0]), expected);
      assert.deepEqual(told((await boots([join(folder, 'taken')]))[0]), expected);
    });
  });
});
