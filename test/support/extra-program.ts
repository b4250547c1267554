import type { Context } from 'mocha';
import { ensureProgram, isBuilt } from '../../local/programs/ensure.ts';
import type { ProgramName } from '../../local/programs/tools.ts';

/**
 * A program that some test needs and no cluster, built first if the cache has it not. When KUBE_LATENCY_BUILD_UNTIL, in seconds
 * since the Unix epoch, has passed, it is not built any more: the test is skipped, which is said.
 */
export async function extraProgram(name: ProgramName, test: Context): Promise<string> {
  const context = {
    env: process.env,
    signal: new AbortController().signal,
    progress: (line: string): void => console.error(`      ${line}`),
  };
  const until = Number(process.env['KUBE_LATENCY_BUILD_UNTIL'] ?? Infinity);
  if (Date.now() > until * 1000 && !(await isBuilt(name, context))) {
    console.error(`      SKIPPED: ${name} is not built, and there is no time left to build it`);
    return test.skip();
  }
  return ensureProgram(name, context);
}
