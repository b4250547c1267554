import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HealthCheck, Journal } from '../host/journal.ts';
import { markVariable, processInfo } from '../host/proc.ts';
import { systemPath } from '../host/run.ts';
import { nodeFolder, type LocalPaths } from '../paths.ts';
import { lastLines } from './log-tail.ts';

const shownLogLines = 15;

/** A process as it is to be started and noted. */
export interface Launch {
  readonly component: string;
  readonly node: string | null;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly health: HealthCheck | null;
}

/** Starts a process that outlives this program, in a session of its own: a terminal's Ctrl-C does not reach it. */
export function spawnDetached(
  { program, args, env }: Launch,
  logFile: string,
  clusterDir: string,
): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(program, [...args], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: systemPath, HOME: clusterDir, [markVariable]: clusterDir, ...env },
    });
  } finally {
    closeSync(log);
  }
}

export function noteProcess(journal: Journal, launched: Launch, pid: number): void {
  const { component, node, health } = launched;
  const startTime = processInfo(pid)?.startTime;
  if (startTime !== undefined)
    journal.note({ kind: 'process', component, node, pid, startTime, health });
}

/** Command that becomes a program in the namespaces which process `holder` holds; the process id is then the program's. */
export function enterNode(holder: number): string[] {
  return ['nsenter', '--target', String(holder), '--mount', '--net', '--uts', '--'];
}

export function writeFiles(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Log of a component: of one on a node in what is the node's /var/log. */
export function logPath(
  { logs, clusterDir }: Pick<LocalPaths, 'logs' | 'clusterDir'>,
  { component, node }: Pick<Launch, 'component' | 'node'>,
): string {
  const folder = node === null ? logs : join(nodeFolder(clusterDir, node), 'var-log');
  return join(folder, `${component}.log`);
}

/** The end of a log, to follow a message. */
export function describeLog(path: string): string {
  const end = lastLines(readFileSync(path, 'utf8'), shownLogLines);
  return end === '' ? '; its log is empty' : `; the end of its log:\n${end}`;
}
