import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';
import type { NodePlan } from '../plan.ts';
import { expectedSenders, senderKey, sendersOf } from './arrivals.ts';
import { createLineReader } from './line-reader.ts';

const arriveWithinMs = 120_000;
const lookEveryMs = 100;
const reportEveryMs = 5000;
/** An exporter that once found no collector may keep still for more than a minute. */
const restartAfterMs = 20_000;

export interface AwaitSpans {
  readonly nodes: readonly NodePlan[];
  readonly spansFile: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Ends the back-off of containerd's exporter on that node; running containers do not mind. */
  readonly restartContainerd: (node: NodePlan) => Promise<void>;
}

/** Resolves when spans of every component of every node lie in the gateway's file; rejects after two minutes, naming those that do not. */
export async function awaitSpans(options: AwaitSpans): Promise<void> {
  const reader = createLineReader(options.spansFile);
  const missing = new Map(
    expectedSenders(options.nodes).map((sender) => [
      senderKey(sender.service, sender.node.name),
      sender,
    ]),
  );
  const start = performance.now();
  let reportAt = start + reportEveryMs;
  let restarted = false;
  for (;;) {
    for (const key of (await reader.read()).flatMap(sendersOf)) missing.delete(key);
    if (missing.size === 0) return;
    const now = performance.now();
    const names = [...missing.keys()].join(', ');
    if (now - start > arriveWithinMs)
      throw clusterFailed(`no spans within ${arriveWithinMs / 1000} s from ${names}`);
    if (now >= reportAt) {
      options.progress(`waiting for spans of ${names}, ${Math.round((now - start) / 1000)} s`);
      reportAt = now + reportEveryMs;
    }
    if (!restarted && now - start > restartAfterMs) {
      restarted = true;
      for (const { service, node } of missing.values())
        if (service === 'containerd') await options.restartContainerd(node);
    }
    await delay(lookEveryMs, undefined, { signal: options.signal });
  }
}
