import type { Log } from '../log.ts';
import { statusMessage, type KubeAnswer, type KubeClient } from './client.ts';
import { seriesPatch, type EventObject, type EventOutcome } from './event-object.ts';
import { createEventRate } from './event-rate.ts';

export interface EventSenderOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** By the monotonic clock. */
  readonly steadyMs: () => number;
}

/** Tells Events of Kubernetes. */
export interface EventSender {
  /** The event is made only where it is to be sent. */
  readonly tell: (event: () => EventObject) => void;
  readonly outcomes: () => ReadonlyMap<EventOutcome, number>;
  /** Resolves when nothing is on its way any more. */
  readonly settled: () => Promise<void>;
}

const timeoutMs = 10_000;
/** Counts of series that are remembered; of one that is forgotten the count begins with 2. */
const maxCounts = 1000;

/**
 * One after the other, each once: an event that could not be told is counted and logged. What is told again is a series of the event
 * that is there.
 */
export function createEventSender(options: EventSenderOptions): EventSender {
  const { client, log, signal, nowMs, steadyMs } = options;
  const rate = createEventRate();
  const outcomes = new Map<EventOutcome, number>();
  const counts = new Map<string, number>();
  let last: Promise<void> = Promise.resolve();
  let toldProblem = '';

  function count(outcome: EventOutcome): void {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  function remember(name: string, many: number): void {
    counts.delete(name);
    counts.set(name, many);
    const [oldest] = counts.keys();
    if (counts.size > maxCounts && oldest !== undefined) counts.delete(oldest);
  }

  /** Undefined: it was told; else why not. */
  async function send(event: EventObject): Promise<string | undefined> {
    const { name, namespace } = event.metadata;
    const collection = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const limits = { timeoutMs, signal };
    const created = await client.request({ verb: 'create', path: collection, body: event }, limits);
    if (isOf(created, 201)) {
      remember(name, 1);
      return undefined;
    }
    if (!isOf(created, 409)) return whyNot(created);
    const again = (counts.get(name) ?? 1) + 1;
    const patched = await client.request(
      {
        verb: 'patch',
        path: `${collection}/${name}`,
        body: seriesPatch(again, nowMs()),
        contentType: 'application/merge-patch+json',
      },
      limits,
    );
    if (!isOf(patched, 200)) return whyNot(patched);
    remember(name, again);
    return undefined;
  }

  async function tell(event: EventObject): Promise<void> {
    const problem = await send(event);
    count(problem === undefined ? 'told' : 'failed');
    if (problem !== undefined && problem !== toldProblem && !signal.aborted)
      log.warn({ reason: event.reason, problem }, 'event not told');
    toldProblem = problem ?? '';
  }

  return {
    tell: (event) => {
      if (signal.aborted) return;
      if (!rate.take(steadyMs())) return count('held_back');
      const made = event();
      last = last.then(() => tell(made));
    },
    outcomes: () => outcomes,
    settled: () => last,
  };
}

function isOf(answer: KubeAnswer, status: number): boolean {
  return answer.kind === 'answer' && answer.status === status;
}

function whyNot(answer: KubeAnswer): string {
  if (answer.kind === 'failed') return answer.message;
  return statusMessage(answer.body) ?? `status ${answer.status}`;
}
