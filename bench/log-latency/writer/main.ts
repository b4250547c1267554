/**
 * Writes a log for `npm run bench -- log-latency`, one write a line, and prints when each probe was written: JSON of pairs of its
 * number and nanoseconds of the monotonic clock. A process of its own, that writing waits for nothing else.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { corpora, createRandom } from '../../log-scan/corpora.ts';
import { probeLine, type WriterOptions } from '../writing.ts';

const { path, first, probes, everyMs, bytesPerMs } = JSON.parse(
  process.argv[2] ?? '',
) as WriterOptions;
const block = corpora.journal.block(createRandom(20221128)).toString('latin1');
const lines = block.slice(0, block.lastIndexOf('\n')).split('\n');
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 0.5;
const file = openSync(path, 'a');
const wrote: [number, string][] = [];
const beganMs = performance.now();
let [bytes, line] = [0, 0];
for (let probe = 0; probe < probes;) {
  Atomics.wait(pause, 0, 0, pauseMs);
  const sinceMs = performance.now() - beganMs;
  while (bytes < sinceMs * bytesPerMs)
    bytes += writeSync(file, `${lines[line++ % lines.length]}\n`);
  if (sinceMs < (probe + 1) * everyMs) continue;
  const text = probeLine(first + probe, Date.now());
  wrote.push([first + probe, String(process.hrtime.bigint())]);
  writeSync(file, text);
  probe++;
}
closeSync(file);
console.log(JSON.stringify({ wrote, lines: line + probes }));
