/**
 * Writes lines that tell nothing for `npm run bench -- log-latency`, in blocks, into a log that is rotated by name; each file ends with a
 * probe. Prints how many lines there were.
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { corpora, createRandom } from '../../log-scan/corpora.ts';
import { type FloodOptions, probeLine } from '../writing.ts';

const { path, first, files, fileBytes, bytesPerMs } = JSON.parse(
  process.argv[2] ?? '',
) as FloodOptions;
const text = corpora.journal.block(createRandom(20221128));
const block = text.subarray(0, text.lastIndexOf('\n', 65_536) + 1);
const blockLines = block.toString('latin1').split('\n').length - 1;
const pause = new Int32Array(new SharedArrayBuffer(4));
const beganMs = performance.now();
let [bytes, lines] = [0, 0];
for (let number = 0; number < files; number++) {
  if (number > 0) renameSync(path, `${path}.1`);
  const file = openSync(path, 'a');
  for (let written = 0; written < fileBytes;) {
    if (bytes > (performance.now() - beganMs) * bytesPerMs) Atomics.wait(pause, 0, 0, 1);
    written += writeSync(file, block);
    bytes += block.length;
    lines += blockLines;
  }
  writeSync(file, probeLine(first + number, Date.now()));
  closeSync(file);
}
console.log(JSON.stringify({ lines, bytes }));
