import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Standard error as far as it has come. */
  stderr(): string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/** Starts a program in the project's root and collects what it prints; SIGKILL after `timeoutMs`. */
export function start(
  program: string,
  args: readonly string[],
  { env = {}, timeoutMs = 120_000 }: CommandOptions = {},
): Running {
  const child = spawn(program, [...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  }).finally(() => clearTimeout(killer));
  return { child, finished, stderr: () => stderr };
}

/** The command `kube-latency`, as a user would run it from a checkout. */
export function startKubeLatency(args: readonly string[], options?: CommandOptions): Running {
  return start(process.execPath, ['cli/main.ts', ...args], options);
}

export function kubeLatency(args: readonly string[], options?: CommandOptions): Promise<Finished> {
  return startKubeLatency(args, options).finished;
}
