import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { frugal } from '../correlator/frugal.ts';
import type { ExportFuzz } from '../../test/unit/receivers/log-tailer/journal/fuzz/fuzz-export.ts';
import type { FileFuzz } from '../../test/unit/receivers/log-tailer/journal/fuzz/fuzz-files.ts';

export const rounds = 20;
export const filesInARound = 50_000;
export const textsInARound = 5000;
/** Of the first round; each other takes the next. */
export const seed = 1;

export interface FuzzRun {
  readonly files: readonly FileFuzz[];
  readonly exports: readonly ExportFuzz[];
  /** Most memory of the process that had the reader, the mutations and the journals in it. */
  readonly mostRssBytes: number;
}

/** Rejects where a journal makes the reader throw, or the process end; what it said is on standard error by then. */
export async function runFuzz(): Promise<FuzzRun> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [...frugal.args, main], {
    env: { ...process.env, ...frugal.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`damaged journals ended the reader: ${code ?? signal}`);
  return JSON.parse(printed) as FuzzRun;
}
