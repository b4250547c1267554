import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { frugal } from '../correlator/frugal.ts';
import type { FuzzResult } from '../../test/unit/receivers/correlator/fuzz/fuzz.ts';
import type { ServedResult } from '../../test/unit/receivers/correlator/fuzz/fuzz-server.ts';

export const rounds = 20;
export const requestsInARound = 50_000;
/** Of the first round; each other takes the next, the server the last. */
export const seed = 1;
export const servedRequests = 20_000;

export interface FuzzRun {
  readonly rounds: readonly FuzzResult[];
  readonly served: ServedResult;
  /** Most memory of the process that had correlator, mutations, and the other codec in it. */
  readonly mostRssBytes: number;
}

/** Rejects where a request makes the correlator throw, or the process end; what it said is on standard error by then. */
export async function runFuzz(): Promise<FuzzRun> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [...frugal.args, main], {
    env: { ...process.env, ...frugal.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`mutated requests ended the correlator: ${code ?? signal}`);
  return JSON.parse(printed) as FuzzRun;
}
