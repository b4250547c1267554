import { cpus } from 'node:os';
import type { Benchmark } from './figure.ts';
import { fuzzFigures } from './journal-fuzz/figures.ts';
import { filesInARound, rounds, runFuzz, seed, textsInARound } from './journal-fuzz/run.ts';

/** A million damaged journals, and some exports; rejects where one breaks the reader, and says what it took. */
export async function journalFuzz(): Promise<Benchmark> {
  return {
    name: 'journal-fuzz',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; seeds ${seed} to ${seed + rounds - 1}`,
      'journals of systemd 254 in each form and compression, damaged in one to eight ways: bits, numbers, sizes, types, links, headers, payloads, lost pages, cut short, also while they are read',
      `${rounds * textsInARound} exports besides, each read whole and in pieces`,
      'memory: of one process with the reader, the mutations and the journals, with the settings of V8 that the receivers have in a cluster',
    ],
    figures: fuzzFigures(await runFuzz(), rounds * filesInARound),
  };
}
