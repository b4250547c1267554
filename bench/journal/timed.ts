import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Timed {
  readonly seconds: number;
  /** Empty where it was not wanted. */
  readonly printed: string;
}

/** Runs a program from its start to its end. What it prints goes to /dev/null where it is not wanted. */
export async function timed(
  program: string,
  args: readonly string[],
  isWanted = true,
): Promise<Timed> {
  const beganMs = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', isWanted ? 'pipe' : 'ignore', 'inherit'],
  });
  const printed = child.stdout === null ? '' : text(child.stdout);
  const [code, signal] = await once(child, 'exit');
  const seconds = (performance.now() - beganMs) / 1000;
  if (code !== 0) throw new Error(`${program} ended: ${code ?? signal}`);
  return { seconds, printed: await printed };
}
