/** Reads damaged journals and exports, and prints what came of it, a FuzzRun, in JSON. A process of its own, to measure its memory. */
import {
  fuzzExport,
  type ExportFuzz,
} from '../../test/unit/receivers/log-tailer/journal/fuzz/fuzz-export.ts';
import {
  fuzzFiles,
  loadBases,
  type FileFuzz,
} from '../../test/unit/receivers/log-tailer/journal/fuzz/fuzz-files.ts';
import { filesInARound, rounds, seed, textsInARound, type FuzzRun } from './run.ts';

const bases = loadBases();
const files: FileFuzz[] = [];
const exports: ExportFuzz[] = [];
for (let round = 0; round < rounds; round++) {
  console.error(`${round * filesInARound} of ${rounds * filesInARound} journals`);
  files.push(fuzzFiles(filesInARound, seed + round, bases));
  exports.push(fuzzExport(textsInARound, seed + round));
  await new Promise(setImmediate);
}
const mostRssBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ files, exports, mostRssBytes } satisfies FuzzRun));
