import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AdmissionFuzzResult } from '../../test/unit/operator/webhook/fuzz/fuzz.ts';
import type { ServedReviews } from '../../test/unit/operator/webhook/fuzz/fuzz-server.ts';

export const rounds = 20;
export const requestsInARound = 50_000;
/** Of the first round; each other takes the next, the server the last. */
export const seed = 1;
export const servedRequests = 20_000;

export interface AdmissionFuzzRun {
  readonly rounds: readonly AdmissionFuzzResult[];
  readonly served: ServedReviews;
}

/** Rejects where a request ends the process, or has an answer that is none; what it said is on standard error by then. */
export async function runFuzz(): Promise<AdmissionFuzzRun> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`mutated requests ended the webhook: ${code ?? signal}`);
  return JSON.parse(printed) as AdmissionFuzzRun;
}
