import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import { readJournal } from '../../../../../../receivers/log-tailer/journal/edge/follow-journal.ts';
import { listJournals } from '../../../../../../receivers/log-tailer/journal/edge/list-journals.ts';
import type { ShelfOptions } from '../../../../../../receivers/log-tailer/journal/edge/shelf.ts';
import { ExportParser } from '../../../../../../receivers/log-tailer/journal/export/export-parser.ts';
import { defaultLimits } from '../../../../../../receivers/log-tailer/journal/limits.ts';
import type { Position } from '../../../../../../receivers/log-tailer/journal/position.ts';
import { exportEntry } from '../../../../../support/journal/export-text.ts';
import { fixture } from '../../../../../support/journal/fixtures.ts';
import { exportSamples, samples } from '../../../../../support/journal/samples.ts';
import {
  journalctlExport,
  needsSystemd,
  writeJournal,
} from '../../../../../support/journal/systemd.ts';
import { reading } from './following.ts';

const machine = 'a'.repeat(32);

async function exported(options: ShelfOptions): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { entries } of readJournal(options)) parts.push(...entries.map(exportEntry));
  return Buffer.concat(parts);
}

/** What entries say, whatever file they are read from: it has its own order of fields. */
function said(text: Buffer): string[] {
  const parser = new ExportParser(defaultLimits, noCounts());
  return [...parser.push(text), ...parser.end()].map((entry) => {
    const fields = entry.fields().map(({ name, value }) => `${name}=${value.toString('base64')}`);
    return [entry.realtimeUs, entry.monotonicUs, ...fields.toSorted()].join(' ');
  });
}

const numberOf = async (options: ShelfOptions): Promise<number> => {
  let entries = 0;
  for await (const batch of readJournal(options)) entries += batch.entries.length;
  return entries;
};

describe('a folder of journals', function () {
  this.timeout(60_000);
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journals-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('that systemd wrote', () => {
    needsSystemd();

    it('reads as one, in the order in which journalctl has it', async () => {
      const all = samples({ entries: 4000, bootEntries: 900 });
      for (const [part, name] of ['one', 'two', 'three'].entries())
        writeJournal(
          join(folder, `${name}.journal`),
          exportSamples(all.filter((_, i) => (i * 7) % 3 === part || i % 41 === 0)),
          { isCompact: part === 0, isKeyedHash: part < 2 },
        );

      const ours = await exported(reading([folder]));

      const theirs = journalctlExport(['-D', folder]);
      const [left, right] = [said(ours), said(theirs)];
      assert.equal(left.length, 4000);
      assert.equal(right.length, 4000);
      assert.equal(
        left.findIndex((entry, i) => entry !== right[i]),
        -1,
      );
    });

    it('reads as far as it goes where a file was cut short', async () => {
      const path = join(folder, 'cut.journal');
      writeJournal(path, exportSamples(samples({ entries: 3000 })), {
        isCompact: true,
        isKeyedHash: true,
      });
      const whole = await numberOf(reading([path]));
      const counts = noCounts();
      truncateSync(path, 4 * 1024 * 1024);

      const left = await numberOf(reading([path], counts));

      assert.equal(whole, 3000);
      assert.ok(left > 100 && left < 3000, String(left));
      assert.ok(counts.badEntries + counts.brokenChains > 0, JSON.stringify(counts));
    });
  });

  it('has those of machines in it, and of no namespace or user', () => {
    for (const name of [machine, `${machine}.space`, 'lost+found']) {
      mkdirSync(join(folder, name));
      for (const file of ['system.journal', 'system@01-02.journal~', 'user-1000.journal', 'fss'])
        writeFileSync(join(folder, name, file), '');
    }
    const options = { paths: [folder], withUsers: false, onRefused: assert.fail };

    const names = (withUsers: boolean): string[] =>
      listJournals({ ...options, withUsers }).map(({ path }) => path.slice(folder.length + 1));

    const system = [`${machine}/system.journal`, `${machine}/system@01-02.journal~`];
    assert.deepEqual(names(false), system);
    assert.deepEqual(names(true), [...system, `${machine}/user-1000.journal`]);
  });

  for (const second of ['zstd-compact', 'lz4-compact'] as const)
    it(`gives an entry once that stands in two files, also from a position on: ${second}`, async () => {
      writeFileSync(join(folder, 'system.journal'), fixture('zstd-compact'));
      writeFileSync(join(folder, 'system@0001-0002.journal~'), fixture(second));
      let position: Position = { marks: [] };
      let entries = 0;

      for await (const batch of readJournal(reading([folder]))) {
        entries += batch.entries.length;
        position = batch.position;
      }

      assert.equal(entries, 60);
      assert.equal(
        await numberOf({ ...reading([folder]), start: { kind: 'position', position } }),
        0,
      );
    });

  it('gives the entries of one boot', async () => {
    const bootId = samples({ entries: 30, bootEntries: 25 })[25]?.bootId ?? '';
    for (const name of ['zstd-compact', 'xz-regular-unkeyed'] as const)
      writeFileSync(join(folder, `${name}.journal`), fixture(name));

    const parts = await exported({ ...reading([folder]), start: { kind: 'boot', bootId } });

    const boots = new Set(
      [...parts.toString('latin1').matchAll(/^_BOOT_ID=(.*)$/gm)].map(([, id]) => id),
    );
    assert.deepEqual([...boots], [bootId]);
  });

  it('tells what it cannot read, and reads the others', async () => {
    writeFileSync(join(folder, 'empty.journal'), '');
    writeFileSync(join(folder, 'garbage.journal'), Buffer.alloc(4096, 'x'));
    const newer = fixture('lz4-compact');
    newer.writeUInt32LE(0xff, 12);
    writeFileSync(join(folder, 'newer.journal'), newer);
    writeFileSync(join(folder, 'system.journal'), fixture('zstd-compact'));
    writeFileSync(join(folder, 'some.log'), 'text');
    const refused: string[] = [];
    const counts = noCounts();
    const options: ShelfOptions = {
      ...reading([folder, join(folder, 'some.log'), join(folder, 'none')], counts),
      onRefused: (path, reason) => refused.push(`${path.slice(folder.length + 1)}: ${reason}`),
    };

    assert.equal(await numberOf(options), 60);
    assert.deepEqual(refused.toSorted(), [
      'empty.journal: it is shorter than a journal’s header',
      'garbage.journal: it is no journal',
      'newer.journal: it is a journal of a kind that is not known: a newer systemd wrote it',
      'some.log: its name is no journal’s: expected NAME.journal',
    ]);
    assert.equal(counts.refusedFiles, 4);
  });
});
