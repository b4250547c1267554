import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { start, type Finished } from './command.ts';

/** The operator as a process of its own. */
export interface RunningOperator {
  readonly pid: number;
  /** Of /metrics, /healthz and /readyz. */
  readonly url: string;
  /** What it logged so far. */
  readonly log: () => string;
  /** Value of a metric, all its series added up; only those that have all of `labels`, as `key="value"`. */
  readonly metric: (name: string, ...labels: readonly string[]) => Promise<number>;
  readonly stop: (signal?: NodeJS.Signals) => Promise<Finished>;
}

/** Starts it, by its source or as it is told to, and resolves when it is ready. */
export async function startOperator(
  kubeconfig: string,
  args: readonly string[] = [],
  program: readonly string[] = ['operator/main.ts'],
): Promise<RunningOperator> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const running = start(
    process.execPath,
    [...program, `--kubeconfig=${kubeconfig}`, `--port=${port}`, '--webhook-port=0', ...args],
    // Longer than any test: whoever starts it stops it.
    { timeoutMs: 3_600_000, env: { MALLOC_ARENA_MAX: '1' } },
  );
  const { child, finished } = running;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> => {
    child.kill(signal);
    return finished;
  };
  try {
    await eventually(
      async () => {
        const answer = await fetch(`${url}/readyz`);
        assert.equal(answer.status, 200, await answer.text());
      },
      { withinMs: 20_000, everyMs: 50 },
    );
  } catch (caught) {
    await stop('SIGKILL');
    throw new Error(`the operator is not ready: ${running.stderr()}`, { cause: caught });
  }
  return {
    pid: child.pid ?? 0,
    url,
    log: () => running.stderr(),
    metric: async (name, ...labels) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
        .filter((line) => labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    stop,
  };
}
