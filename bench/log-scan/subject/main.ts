/**
 * The scan alone, for `npm run bench -- log-scan`: reads a log from its begin into the scan's own buffer, again and again as one
 * log until so many bytes were read, and prints one line of JSON.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { utc } from '../../../receivers/log-tailer/clock/zone.ts';
import type { Occurrence } from '../../../receivers/log-tailer/core/occurrence.ts';
import { builtInPack } from '../../../receivers/log-tailer/packs/built-in.ts';
import { compilePack } from '../../../receivers/log-tailer/scan/compile-pack.ts';
import { createLogScan } from '../../../receivers/log-tailer/scan/log-scan.ts';

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: '' },
    source: { type: 'string', default: 'Messages' },
    bytes: { type: 'string', default: '0' },
  },
});

const bufferBytes = 128 * 1024;
const newline = 0x0a;

const occurrences: Occurrence[] = [];
const told = { occurrences: 0, units: 0, counted: 0 };
const scan = createLogScan({
  sources: (await compilePack(builtInPack('al2'), 'default')).sources,
  zone: utc,
  years: 'at-once',
  bufferBytes,
  onOccurrence(occurrence) {
    told.occurrences++;
    // A copy: V8 puts all objects from where one was kept among the old ones, which it looks through seldom.
    if (occurrences.length < 1000) occurrences.push({ ...occurrence });
  },
  onUnit: () => told.units++,
  onCount: () => told.counted++,
});

const file = openSync(values.log, 'r');
const { size, mtimeMs } = fstatSync(file);
const wanted = Math.max(Number(values.bytes), size);
const [beganMs, beganCpu] = [performance.now(), process.cpuUsage()];
let scanned = 0;
while (scanned < wanted) scanned += scanOnce(scanned);
scan.end(values.log);
const ms = performance.now() - beganMs;
const cpu = process.cpuUsage(beganCpu);
closeSync(file);
const peakKib = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];

console.log(
  JSON.stringify({
    bytes: scanned,
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    peakMib: Number(peakKib) / 1024,
    ...told,
    ...scan.counts,
  }),
);

/** Reads the file from its begin to its end; gives how long it is. */
function scanOnce(from: number): number {
  const { buffer } = scan;
  let held = 0;
  let offset = 0;
  for (;;) {
    const read = readSync(file, buffer, held, buffer.length - held, offset + held);
    const filled = buffer.subarray(0, held + read);
    if (filled.length === 0) return offset;
    const whole = read === 0 ? filled.length : filled.lastIndexOf(newline) + 1 || filled.length;
    const bytes = filled.subarray(0, whole);
    const chunk = { log: values.log, path: values.log, offset: from + offset, bytes };
    scan.feed(chunk, { source: values.source, writtenUnixMs: mtimeMs });
    buffer.copyWithin(0, whole, filled.length);
    held = filled.length - whole;
    offset += whole;
  }
}
