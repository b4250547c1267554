import type { LocalContext } from '../local/context.ts';
import { cannotRunHere } from '../local/errors.ts';
import { findProgram } from '../local/host/install.ts';
import { run, runOk, systemPath } from '../local/host/run.ts';

/** The container engine whose containers are kind's nodes. */
export interface Engine {
  /** `docker`, `podman` or `nerdctl`. */
  readonly name: string;
  /** Standard output of a command of the engine's; rejects when it fails. */
  readonly ask: (args: readonly string[]) => Promise<string>;
}

/** In the order in which kind looks for them. */
const names = ['docker', 'nerdctl', 'podman'] as const;
/** kind's own variable. */
export const engineChoice = 'KIND_EXPERIMENTAL_PROVIDER';
const otherwise = '`--on local` makes a cluster without one';

/** The engine that kind will use. Rejects where there is none, or it does not answer. */
export async function findEngine({ env, signal }: LocalContext): Promise<Engine> {
  const chosen = env[engineChoice];
  const wanted = chosen === undefined || chosen === '' ? names : [chosen];
  const problems: string[] = [];
  for (const name of wanted) {
    const program = await findProgram(name, env['PATH'] ?? systemPath);
    if (program === undefined) continue;
    const { code, stderr } = await run(program, ['info'], { signal, env });
    if (code === 0) return { name, ask: (args) => runOk(program, args, { signal, env }) };
    problems.push(`${name} does not answer: ${lastLine(stderr)}`);
  }
  if (problems.length > 0) throw cannotRunHere(`${problems.join('; ')}; ${otherwise}`);
  throw cannotRunHere(
    `no container engine: expected ${wanted.join(', ')} in PATH, found none; ${otherwise}`,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
