import { exportField } from './export-text.ts';
import { pick, seeded, whole } from '../../unit/receivers/correlator/fuzz/random.ts';
import type { Field } from '../../../receivers/log-tailer/journal/entry.ts';

/** An entry that is written to a journal, to be read again. */
export interface Sample {
  readonly realtimeUs: number;
  readonly monotonicUs: number;
  readonly bootId: string;
  readonly fields: readonly Field[];
}

export interface SampleOptions {
  readonly entries: number;
  /** How many entries a boot has; all are of one boot where it is not said. */
  readonly bootEntries?: number;
  readonly random?: number;
}

const firstUs = Date.UTC(2026, 10, 20, 23, 59, 58) * 1000;
const units = ['kubelet', 'containerd', 'systemd-networkd', 'cloud-init', 'chronyd'];

/** Entries as a node has them, with some that few have: long, binary, of several values, of no text. The same each time. */
export function samples({
  entries,
  bootEntries = entries,
  random: seed = 1,
}: SampleOptions): Sample[] {
  const random = seeded(seed);
  const made: Sample[] = [];
  let realtimeUs = firstUs;
  for (let i = 0; i < entries; i++) {
    const boot = Math.floor(i / bootEntries);
    realtimeUs += i % bootEntries === 0 ? 40_000_000 : 1 + whole(random, 20_000);
    const monotonicUs = 3_000_000 + (i % bootEntries) * 20_000 + whole(random, 20_000);
    const bootId = (0xb007_0000 + boot).toString(16).padStart(32, '5');
    const texts = fieldsOf(i, bootId, random);
    made.push({ realtimeUs, monotonicUs, bootId, fields: [...texts, ...oddFields(i, random)] });
  }
  return made;
}

function fieldsOf(i: number, bootId: string, random: () => number): Field[] {
  const unit = pick(random, units);
  const texts = {
    _BOOT_ID: bootId,
    _TRANSPORT: i % 5 === 0 ? 'kernel' : 'stdout',
    _HOSTNAME: 'node-1',
    PRIORITY: String(whole(random, 8)),
    SYSLOG_IDENTIFIER: i % 5 === 0 ? 'kernel' : unit,
    _SYSTEMD_UNIT: `${unit}.service`,
    _PID: String(1000 + whole(random, 9)),
    MESSAGE: `${unit}: event ${i} took ${whole(random, 100_000)} us`,
  };
  return Object.entries(texts).map(([name, value]) => ({ name, value: Buffer.from(value) }));
}

function oddFields(i: number, random: () => number): Field[] {
  const odd: Field[] = [];
  const add = (name: string, value: Buffer): number => odd.push({ name, value });
  if (i % 7 === 3) add('STACK', Buffer.from(`at line ${whole(random, 1000)} of ${i}\n`.repeat(60)));
  if (i % 11 === 5) add('BLOB', Buffer.from(Array.from({ length: 300 }, () => whole(random, 256))));
  if (i % 13 === 6) for (const link of ['a', 'b', 'c']) add('_UDEV_DEVLINK', Buffer.from(link));
  if (i % 17 === 7) add('EMPTY', Buffer.alloc(0));
  if (i % 19 === 8) add('UMLAUT', Buffer.from('Grüße = Ωμέγα\t✓'));
  if (i % 97 === 9) add('HUGE', Buffer.from(`${i} `.repeat(20_000)));
  return odd;
}

/** In the journal export format, as systemd-journal-remote reads it. */
export function exportSamples(entries: readonly Sample[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ realtimeUs, monotonicUs, fields }) => [
      Buffer.from(`__REALTIME_TIMESTAMP=${realtimeUs}\n__MONOTONIC_TIMESTAMP=${monotonicUs}\n`),
      ...fields.map(exportField),
      Buffer.from('\n'),
    ]),
  );
}
