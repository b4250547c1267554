import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  latestProcesses,
  openJournal,
  readJournal,
  type ProcessEntry,
} from '../../local/host/journal.ts';
import { isRunning, processInfo } from '../../local/host/proc.ts';
import { localPaths } from '../../local/paths.ts';
import { eventually } from './eventually.ts';
import { kubeLatency, start } from './command.ts';

const paths = localPaths(process.env);

/** Keys (`agent on kube-latency-worker`) of the running components of one name. */
export function componentsNamed(name: string): string[] {
  return [...latestProcesses(readJournal(paths.journal))]
    .filter(([, { component }]) => component === name)
    .map(([key]) => key);
}

function entryOf(key: string): ProcessEntry {
  const entry = latestProcesses(readJournal(paths.journal)).get(key);
  assert.ok(entry, `no component '${key}'`);
  return entry;
}

/** Sends a signal to a component of the running cluster. */
export function signalComponent(key: string, signal: NodeJS.Signals): void {
  const { pid, startTime } = entryOf(key);
  assert.ok(isRunning(pid, startTime), `${key} does not run`);
  process.kill(pid, signal);
}

/** How a component was started, as the kernel remembers it. */
export interface Launched {
  readonly key: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function launchOf(key: string): Launched {
  const { pid } = entryOf(key);
  const read = (name: string): string[] =>
    readFileSync(`/proc/${pid}/${name}`, 'utf8')
      .split('\0')
      .filter((part) => part !== '');
  const env = read('environ').map((line) => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  return { key, args: read('cmdline'), env: Object.fromEntries(env) };
}

/** Starts a component again that has ended, or is ended by this, and resolves when `status` finds it well. */
export async function restartComponent({ key, args, env }: Launched): Promise<void> {
  const entry = entryOf(key);
  if (isRunning(entry.pid, entry.startTime)) process.kill(entry.pid, 'SIGTERM');
  await eventually(() => assert.ok(!isRunning(entry.pid, entry.startTime), `${key} does not end`));
  const holder = entryOf(`node on ${entry.node}`).pid;
  const log = openSync(join(paths.logs, `${key.replace(' on ', '-')}.log`), 'a');
  const child = spawn(
    'nsenter',
    ['--target', String(holder), '--mount', '--net', '--uts', '--', ...args],
    { cwd: '/', detached: true, stdio: ['ignore', log, log], env },
  );
  closeSync(log);
  child.unref();
  assert.ok(child.pid !== undefined);
  const startTime = processInfo(child.pid)?.startTime ?? '';
  openJournal(paths.journal).note({ ...entry, pid: child.pid, startTime });
  await eventually(async () => {
    const { stdout } = await kubeLatency(['status', '--output', 'json']);
    const { components } = JSON.parse(stdout) as {
      components: { name: string; healthy: boolean }[];
    };
    assert.ok(components.find(({ name }) => name === key)?.healthy, `${key} is not well`);
  });
}

/** Sum of a counter of an agent's own metrics, over all its labels; 0 where it has not counted yet. */
export async function agentCounter(key: string, name: string): Promise<number> {
  const holder = entryOf(`node on ${entryOf(key).node}`).pid;
  const script =
    "process.stdout.write(await (await fetch('http://127.0.0.1:8888/metrics')).text())";
  const { code, stdout, stderr } = await start('nsenter', [
    `--net=/proc/${holder}/ns/net`,
    '--',
    process.execPath,
    '--input-type=module',
    '--eval',
    script,
  ]).finished;
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_total{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
