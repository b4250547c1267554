import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  formatEntry,
  latestProcesses,
  openJournal,
  parseJournal,
  readJournal,
  type JournalEntry,
  type ProcessEntry,
} from '../../../../local/host/journal.ts';

const entries: JournalEntry[] = [
  { kind: 'sysctl', name: 'net/ipv4/ip_forward', before: '0' },
  { kind: 'link', name: 'kl0' },
  { kind: 'nft-table', family: 'ip', name: 'kube-proxy' },
  { kind: 'cgroup', path: '/kube-latency-0' },
  etcd(10),
];

function etcd(pid: number): ProcessEntry {
  const health = { kind: 'http', url: 'http://127.0.0.1:2381/health' } as const;
  return { kind: 'process', component: 'etcd', node: null, pid, startTime: '77', health };
}

describe('parseJournal()', () => {
  it('gives back what was written, in order', () => {
    assert.deepEqual(parseJournal(entries.map(formatEntry).join('')), entries);
  });

  it('keeps all whole lines of a journal that was cut anywhere', () => {
    const text = entries.map(formatEntry).join('');
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const cut = text.slice(0, length);
        const whole = cut.split('\n').length - 1;
        const parsed = parseJournal(cut);
        assert.deepEqual(parsed.slice(0, whole), entries.slice(0, whole));
        assert.ok(parsed.length <= whole + 1);
      }),
    );
  });
});

describe('latestProcesses()', () => {
  it('has the last process of a component that was restarted, and tells nodes apart', () => {
    const onWorker: ProcessEntry = {
      ...etcd(12),
      component: 'kubelet',
      node: 'worker',
      health: null,
    };

    const latest = latestProcesses([etcd(10), onWorker, etcd(11)]);

    assert.deepEqual([...latest.keys()], ['etcd', 'kubelet on worker']);
    assert.equal(latest.get('etcd')?.pid, 11);
  });
});

describe('a journal on disk', () => {
  it('is empty before it is written, and then has what was noted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    const path = join(folder, 'journal.jsonl');

    try {
      assert.deepEqual(readJournal(path), []);
      const journal = openJournal(path);
      for (const entry of entries) journal.note(entry);
      assert.deepEqual(readJournal(path), entries);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
