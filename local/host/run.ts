import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to standard input. */
  readonly input?: string;
  /** The signal ends also what the program has started. A terminal's Ctrl-C then reaches none of them. */
  readonly group?: boolean;
}

export interface RunResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Rejects when it cannot be started or the signal ends it, not for its exit code. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const { signal, cwd, group = false } = options;
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? systemEnv,
    detached: group,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' }),
  });
  const endGroup = (): void => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  if (group) signal?.addEventListener('abort', endGroup, { once: true });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.once('error', reject);
  child.once('close', (code) => {
    signal?.removeEventListener('abort', endGroup);
    resolve({ code, stdout, stderr });
  });
  // A program that ends without reading its input breaks the pipe; its exit code tells.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return promise;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}

/** Runs a program that has to succeed and returns what it printed; rejects with its command line and its error output. */
export async function runOk(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).slice(-2000);
  throw new Error(`${[program, ...args].join(' ')}: exit code ${code}: ${said}`);
}

/** A PATH with the administrator's folders, where `ip` and `nft` live. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const systemEnv = { PATH: systemPath, LC_ALL: 'C' };
