import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';
import { processKey, type HealthCheck, type Journal } from '../host/journal.ts';
import { markVariable, processInfo } from '../host/proc.ts';
import { systemPath } from '../host/run.ts';
import type { LocalPaths } from '../paths.ts';
import type { NodePlan } from '../plan.ts';
import type { Component } from './component.ts';
import { checkHealth, type HealthContext } from './health.ts';
import { lastLines } from './log-tail.ts';

const healthyWithinMs = 60_000;
const healthEveryMs = 50;

/** The processes of a cluster while it starts. They outlive this program. */
export interface Fleet {
  /** Aborted when the user interrupts, and with the reason when a process ends that should not or a task fails. */
  readonly signal: AbortSignal;
  /** Starts the process that holds a node's namespaces, and resolves with its id. */
  holdNode(node: NodePlan, program: string, args: readonly string[]): Promise<number>;
  /** Id of the process that holds the node's namespaces. */
  holderOf(node: NodePlan): number;
  /** Starts a component and resolves when it is healthy. Rejects with the end of its log when it ends or does not become so. */
  start(component: Component): Promise<void>;
  /** Ends a started component and starts it again. */
  restart(component: Component): Promise<void>;
  /**
   * Waits for tasks that belong together. When one of them fails, the others are ended by the fleet's signal, and it rejects
   * with that failure once all have come to rest: nothing is started or written behind its back.
   */
  all(tasks: readonly Promise<unknown>[]): Promise<void>;
  /** From here on nobody minds what becomes of the processes. */
  release(): void;
}

export interface FleetOptions {
  readonly paths: LocalPaths;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly credentials: HealthContext['credentials'];
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  expectedToEnd: boolean;
}

export function createFleet(options: FleetOptions): Fleet {
  const { paths, journal, credentials } = options;
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const running = new Map<string, Running>();
  const holders = new Map<string, number>();

  function launch(key: string, launched: Launch): ChildProcess {
    signal.throwIfAborted();
    const logFile = logPath(paths, key);
    const child = spawnDetached(launched, logFile, paths.clusterDir);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const entry: Running = { child, ended, expectedToEnd: false };
    running.set(key, entry);
    child.once('error', (cause) =>
      failure.abort(clusterFailed(`cannot start ${key}: ${cause.message}`, { cause })),
    );
    child.once('exit', (code, killer) => {
      resolve();
      const how = killer === null ? `exit code ${code}` : `signal ${killer}`;
      if (!entry.expectedToEnd)
        failure.abort(clusterFailed(`${key} ended during start (${how})${describeLog(logFile)}`));
    });
    if (child.pid !== undefined) noteProcess(journal, launched, child.pid);
    return child;
  }

  function holderOf(node: NodePlan): number {
    const pid = holders.get(node.name);
    if (pid === undefined) throw new Error(`namespaces of ${node.name} are not made yet`);
    return pid;
  }

  async function start(component: Component): Promise<void> {
    const { name, node, env, health } = component;
    const key = processKey(name, node?.name ?? null);
    writeFiles(component.files);
    const enter = node === null ? [] : enterNode(holderOf(node));
    const [program = '', ...args] = [...enter, component.program, ...component.args];
    launch(key, { component: name, node: node?.name ?? null, program, args, env, health });
    const context = { credentials, nodeProcess: node === null ? null : holderOf(node) };
    await waitUntilHealthy(component, context, key);
  }

  async function waitUntilHealthy(
    component: Component,
    context: HealthContext,
    key: string,
  ): Promise<void> {
    const deadline = performance.now() + healthyWithinMs;
    for (;;) {
      const said = await checkHealth(component.health, context);
      signal.throwIfAborted();
      if (said === 'ok') return;
      if (performance.now() > deadline)
        throw clusterFailed(
          `${key} is not healthy after ${healthyWithinMs / 1000} s: ${said}${describeLog(logPath(paths, key))}`,
        );
      await delay(healthEveryMs, undefined, { signal });
    }
  }

  return {
    signal,
    holderOf,
    start,
    async all(tasks) {
      for (const task of tasks) task.catch((reason: unknown) => failure.abort(reason));
      await Promise.allSettled(tasks);
      signal.throwIfAborted();
    },
    async holdNode(node, program, args) {
      const key = processKey('node', node.name);
      const child = launch(key, {
        component: 'node',
        node: node.name,
        program,
        args,
        env: {},
        health: null,
      });
      if (child.pid === undefined) throw clusterFailed(`cannot start ${key}`);
      holders.set(node.name, child.pid);
      return child.pid;
    },
    async restart(component) {
      const key = processKey(component.name, component.node?.name ?? null);
      const entry = running.get(key);
      if (entry !== undefined) {
        entry.expectedToEnd = true;
        entry.child.kill('SIGTERM');
        await entry.ended;
      }
      await start(component);
    },
    release() {
      for (const entry of running.values()) {
        entry.expectedToEnd = true;
        entry.child.unref();
      }
    },
  };
}

interface Launch {
  readonly component: string;
  readonly node: string | null;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly health: HealthCheck | null;
}

/** In a session of its own, so that a terminal's Ctrl-C does not reach it. */
function spawnDetached(launched: Launch, logFile: string, clusterDir: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(launched.program, [...launched.args], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: systemPath, HOME: clusterDir, [markVariable]: clusterDir, ...launched.env },
    });
  } finally {
    closeSync(log);
  }
}

function noteProcess(journal: Journal, launched: Launch, pid: number): void {
  const { component, node, health } = launched;
  const startTime = processInfo(pid)?.startTime;
  if (startTime !== undefined)
    journal.note({ kind: 'process', component, node, pid, startTime, health });
}

/** nsenter becomes the program: its process id is the program's. */
function enterNode(holder: number): string[] {
  return ['nsenter', '--target', String(holder), '--mount', '--net', '--uts', '--'];
}

function writeFiles(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function logPath(paths: LocalPaths, key: string): string {
  return join(paths.logs, `${key.replace(' on ', '-')}.log`);
}

function describeLog(path: string): string {
  const end = lastLines(readFileSync(path, 'utf8'), 15);
  return end === '' ? '; its log is empty' : `; the end of its log:\n${end}`;
}
