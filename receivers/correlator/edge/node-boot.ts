import { backoffMs } from '../../shared/backoff.ts';
import { bootRoot, bootTraceId } from '../../shared/boot-trace.ts';
import { currentBoot } from '../../shared/current-boot.ts';
import { sleep } from '../../shared/deadline.ts';
import { derivedSpanId } from '../../shared/derived-id.ts';
import { statusMessage, type KubeClient } from '../../shared/kubernetes/client.ts';
import type { Log } from '../../shared/log.ts';
import { parseTimeNs } from '../../shared/rfc3339.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import type { NodeBoot } from '../core/node-boot.ts';

export interface NodeBootOptions {
  readonly node: string;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const timeoutMs = 15_000;
const backoff = { baseMs: 500, capMs: 30_000 };

/**
 * Asks for the node until it is told, and gives the trace of its boot; undefined where the kernel does not say which boot it is, or the signal
 * ended. Needs the right to get nodes.
 */
export async function readNodeBoot(options: NodeBootOptions): Promise<NodeBoot | undefined> {
  const { node, client, clock, log, signal } = options;
  const boot = await currentBoot(clock);
  if (boot === undefined) {
    log.warn({}, 'the kernel does not say which boot it is: no pod is linked to it');
    return undefined;
  }
  let told = '';
  for (let failures = 0; !signal.aborted; failures++) {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}`;
    const answer = await client.request({ verb: 'get', path }, { timeoutMs, signal });
    const found = answer.kind === 'answer' && answer.status === 200 ? answer.body : undefined;
    const { uid, creationTimestamp } = metadataOf(found);
    if (uid !== undefined) {
      const traceId = bootTraceId(boot.id, uid);
      const startMs = Number(boot.startUnixNs / 1_000_000n);
      const createdMs = Number((parseTimeNs(creationTimestamp) ?? 0n) / 1_000_000n);
      const spanId = derivedSpanId(traceId, bootRoot);
      return { traceId, spanId, atMs: Math.max(startMs, createdMs) };
    }
    const problem =
      answer.kind === 'failed'
        ? answer.message
        : (statusMessage(answer.body) ?? `status ${answer.status}`);
    if (problem !== told && !signal.aborted)
      log.warn({ node, problem }, 'no pod is linked to the boot of its node yet, trying again');
    told = problem;
    await sleep(backoffMs(backoff, failures, Math.random), signal);
  }
  return undefined;
}

function metadataOf(body: unknown): {
  readonly uid?: string;
  readonly creationTimestamp?: string;
} {
  return (body as { readonly metadata?: { readonly uid?: string } } | undefined)?.metadata ?? {};
}
