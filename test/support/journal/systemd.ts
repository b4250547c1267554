import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';

const remote = '/lib/systemd/systemd-journal-remote';

/**
 * Skips the suite that this is called in, and says so, where systemd's own writer of journals is not installed
 * (Debian's systemd and systemd-journal-remote); KUBE_LATENCY_E2E=required makes that a failure.
 */
export function needsSystemd(): void {
  before(function () {
    if (existsSync(remote) && existsSync('/usr/bin/journalctl')) return;
    assert.notEqual(process.env['KUBE_LATENCY_E2E'], 'required', `${remote} is not installed`);
    this.skip();
  });
}

export interface JournalForm {
  readonly isCompact: boolean;
  readonly isKeyedHash: boolean;
}

/** Writes a journal by systemd's own writer. Where it becomes long it rotates it, to files of other names in the same folder. */
export function writeJournal(path: string, exported: Buffer, form: JournalForm): void {
  const source = join(dirname(path), 'source.export');
  writeFileSync(source, exported);
  execFileSync(remote, ['-o', path, source], {
    env: {
      ...process.env,
      SYSTEMD_JOURNAL_COMPACT: String(Number(form.isCompact)),
      SYSTEMD_JOURNAL_KEYED_HASH: String(Number(form.isKeyedHash)),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** What `journalctl -o export` prints with these arguments. */
export function journalctlExport(args: readonly string[]): Buffer {
  return execFileSync('journalctl', ['--no-pager', '-o', 'export', ...args], {
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
