import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import { exportEntry } from '../../../../../support/journal/export-text.ts';
import { readPath } from '../../../../../support/journal/read-all.ts';
import { exportSamples, samples } from '../../../../../support/journal/samples.ts';
import {
  journalctlExport,
  needsSystemd,
  writeJournal,
} from '../../../../../support/journal/systemd.ts';

const forms = [
  { isCompact: true, isKeyedHash: true },
  { isCompact: false, isKeyedHash: true },
  { isCompact: true, isKeyedHash: false },
  { isCompact: false, isKeyedHash: false },
];

describe('a journal that systemd wrote', function () {
  this.timeout(60_000);
  needsSystemd();
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const form of forms) {
    const { isCompact, isKeyedHash } = form;
    const title = `${isCompact ? 'compact' : 'regular'}, ${isKeyedHash ? 'keyed' : 'unkeyed'} hashes`;

    it(`reads byte by byte as journalctl exports it: ${title}`, () => {
      const path = join(folder, 'x.journal');
      writeJournal(path, exportSamples(samples({ entries: 3000, bootEntries: 1100 })), form);

      const { read, counts } = readPath(path, exportEntry);

      assert.equal(read.length, 3000);
      assert.deepEqual(counts, noCounts());
      assertSame(Buffer.concat(read), journalctlExport(['--file', path]));
    });
  }

  for (const field of [
    '_SYSTEMD_UNIT=kubelet.service',
    'PRIORITY=3',
    `_BOOT_ID=${bootId(1)}`,
    'STACK=none',
  ]) {
    for (const form of forms.slice(1, 3))
      it(`finds the entries that have ${field} as journalctl does: ${JSON.stringify(form)}`, () => {
        const path = join(folder, 'x.journal');
        writeJournal(path, exportSamples(samples({ entries: 1500, bootEntries: 600 })), form);

        const { read } = readPath(path, exportEntry, { fields: [field] });

        assertSame(Buffer.concat(read), journalctlExport(['--file', path, field]));
      });
  }

  it('reads the entries of either field once, in their order', () => {
    const path = join(folder, 'x.journal');
    const fields = ['_SYSTEMD_UNIT=kubelet.service', '_TRANSPORT=kernel', 'PRIORITY=3'];
    writeJournal(path, exportSamples(samples({ entries: 1500 })), forms[0] as (typeof forms)[0]);

    const { read } = readPath(path, exportEntry, { fields });

    const args = fields.flatMap((field) => ['+', field]).slice(1);
    assertSame(Buffer.concat(read), journalctlExport(['--file', path, ...args]));
  });
});

function bootId(boot: number): string {
  return samples({ entries: boot + 1, bootEntries: 1 })[boot]?.bootId ?? '';
}

/** As `assert.deepEqual`, which would print megabytes. */
function assertSame(ours: Buffer, theirs: Buffer): void {
  const at = ours.findIndex((byte, index) => byte !== theirs[index]);
  const near = (bytes: Buffer): string =>
    bytes.subarray(Math.max(0, at - 200), at + 200).toString();
  assert.ok(
    ours.equals(theirs),
    `${ours.length} and ${theirs.length} bytes differ at ${at}: ${near(ours)}\n${near(theirs)}`,
  );
}
