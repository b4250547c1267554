import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';
import { processKey, type Journal } from '../host/journal.ts';
import type { LocalPaths } from '../paths.ts';
import type { NodePlan } from '../plan.ts';
import type { Component } from './component.ts';
import { checkHealth, type HealthContext } from './health.ts';
import {
  describeLog,
  enterNode,
  logPath,
  noteProcess,
  spawnDetached,
  writeFiles,
  type Launch,
} from './launch.ts';

const healthyWithinMs = 60_000;
const healthEveryMs = 50;

export interface FleetOptions {
  readonly paths: Pick<LocalPaths, 'logs' | 'clusterDir'>;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly credentials: HealthContext['credentials'];
}

interface Running {
  readonly child: ChildProcess;
  mayEnd: boolean;
}

/** The processes of a cluster while it starts. They outlive this program. */
export class Fleet {
  /** Aborted when the user interrupts, and with the reason when a process ends that should not or a task fails. */
  readonly signal: AbortSignal;
  readonly #options: FleetOptions;
  readonly #failure = new AbortController();
  readonly #running = new Map<string, Running>();
  readonly #holders = new Map<string, number>();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#failure.signal]);
  }

  /** Starts the process that holds a node's namespaces, and resolves with its id. */
  async holdNode(node: NodePlan, program: string, args: readonly string[]): Promise<number> {
    const launch = { component: 'node', node: node.name, program, args, env: {}, health: null };
    const { pid } = this.#launch(launch);
    if (pid === undefined) throw clusterFailed(`cannot start ${program} for ${node.name}`);
    this.#holders.set(node.name, pid);
    return pid;
  }

  /** Id of the process that holds the node's namespaces. Throws before there is one. */
  holderOf(node: NodePlan): number {
    const pid = this.#holders.get(node.name);
    if (pid === undefined) throw new Error(`namespaces of ${node.name} are not made yet`);
    return pid;
  }

  /** Starts a component and resolves when it is healthy. Rejects with the end of its log when it ends or does not become so. */
  async start(component: Component): Promise<void> {
    const { name, node, env, health, files } = component;
    const nodeProcess = node === null ? null : this.holderOf(node);
    const enter = nodeProcess === null ? [] : enterNode(nodeProcess);
    const [program = '', ...args] = [...enter, component.program, ...component.args];
    writeFiles(files);
    this.#launch({ component: name, node: node?.name ?? null, program, args, env, health });
    await this.#untilHealthy(component, nodeProcess);
  }

  /** Ends a started component and starts it again. */
  async restart(component: Component): Promise<void> {
    const running = this.#running.get(keyOf(component));
    if (running !== undefined) {
      running.mayEnd = true;
      const ended = once(running.child, 'exit', { signal: this.signal });
      running.child.kill('SIGTERM');
      await ended;
    }
    await this.start(component);
  }

  /**
   * Waits for tasks that belong together. When one of them fails, the others are ended by the signal, and it rejects with that
   * failure once all have come to rest: nothing is started or written behind its back.
   */
  async all(tasks: readonly Promise<unknown>[]): Promise<void> {
    for (const task of tasks) task.catch((reason: unknown) => this.#failure.abort(reason));
    await Promise.allSettled(tasks);
    this.signal.throwIfAborted();
  }

  /** From here on nobody minds what becomes of the processes. */
  release(): void {
    for (const running of this.#running.values()) {
      running.mayEnd = true;
      running.child.unref();
    }
  }

  #launch(launch: Launch): ChildProcess {
    this.signal.throwIfAborted();
    const { paths, journal } = this.#options;
    const key = processKey(launch.component, launch.node);
    const logFile = logPath(paths, launch);
    const child = spawnDetached(launch, logFile, paths.clusterDir);
    const running: Running = { child, mayEnd: false };
    this.#running.set(key, running);
    child.once('error', (cause) =>
      this.#failure.abort(clusterFailed(`cannot start ${key}: ${cause.message}`, { cause })),
    );
    child.once('exit', (code, killer) => {
      if (running.mayEnd) return;
      const how = killer === null ? `exit code ${code}` : `signal ${killer}`;
      this.#failure.abort(
        clusterFailed(`${key} ended during start (${how})${describeLog(logFile)}`),
      );
    });
    if (child.pid !== undefined) noteProcess(journal, launch, child.pid);
    return child;
  }

  async #untilHealthy(component: Component, nodeProcess: number | null): Promise<void> {
    const { credentials, paths } = this.#options;
    const deadline = performance.now() + healthyWithinMs;
    for (;;) {
      const said = await checkHealth(component.health, { credentials, nodeProcess });
      this.signal.throwIfAborted();
      if (said === 'ok') return;
      if (performance.now() > deadline) {
        const key = keyOf(component);
        const { name, node } = component;
        const log = describeLog(logPath(paths, { component: name, node: node?.name ?? null }));
        throw clusterFailed(
          `${key} is not healthy after ${healthyWithinMs / 1000} s: ${said}${log}`,
        );
      }
      // The timer would reject with an error of its own; what counts is why the signal was given.
      await delay(healthEveryMs, undefined, { signal: this.signal }).catch(() =>
        this.signal.throwIfAborted(),
      );
    }
  }
}

function keyOf({ name, node }: Component): string {
  return processKey(name, node?.name ?? null);
}
