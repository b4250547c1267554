import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';
import { expectedSenders, senderKey, sendersOf, type SendingNode } from './arrivals.ts';
import type { LineReader } from './line-reader.ts';

const arriveWithinMs = 120_000;
const reportEveryMs = 5000;
/** An exporter that once found no collector may keep still for more than a minute. */
const restartAfterMs = 20_000;

export interface AwaitSpans<Node extends SendingNode> {
  readonly nodes: readonly Node[];
  /** The gateway's file. */
  readonly spans: LineReader;
  /** Milliseconds from one look to the next; 100 by default. */
  readonly lookEveryMs?: number;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Ends the back-off of containerd's exporter on that node; running containers do not mind. */
  readonly restartContainerd: (node: Node) => Promise<void>;
}

/** Resolves when spans of every component of every node lie in the gateway's file; rejects after two minutes, naming those that do not. */
export async function awaitSpans<Node extends SendingNode>(
  options: AwaitSpans<Node>,
): Promise<void> {
  const missing = new Map(
    expectedSenders(options.nodes).map((sender) => [
      senderKey(sender.service, sender.node.name),
      sender,
    ]),
  );
  const { lookEveryMs = 100 } = options;
  const start = performance.now();
  let reportAt = start + reportEveryMs;
  let restarted = false;
  for (;;) {
    for (const key of (await options.spans.read()).flatMap(sendersOf)) missing.delete(key);
    if (missing.size === 0) return;
    const now = performance.now();
    const names = [...missing.keys()].join(', ');
    if (now - start > arriveWithinMs)
      throw clusterFailed(
        `no spans within ${arriveWithinMs / 1000} s from ${names}; a busy machine is the usual reason: try again with less beside, or with fewer --nodes`,
      );
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
