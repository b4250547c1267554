import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOtlpClient } from '../../receivers/correlator/edge/otlp-client.ts';
import { copiedSpanId } from '../../receivers/correlator/wire/copy.ts';
import { fixed64Field, field, keyValue } from '../../receivers/correlator/wire/writer.ts';
import { startSink } from './sink.ts';
import type { Subject } from './subject.ts';
import type { Load, PodMetadata } from './traffic.ts';

export interface DelayOptions {
  readonly pod: PodMetadata;
  /** What goes on meanwhile. */
  readonly background: Load;
  readonly backgroundSpansPerSecond: number;
  readonly samples: number;
}

const betweenMs = 20;
const children = 8;

interface Trace {
  readonly traceId: Buffer;
  readonly spanIds: readonly Buffer[];
  readonly rootId: Buffer;
}

function newTrace(): Trace {
  const spanIds = Array.from({ length: children }, () => randomBytes(8));
  return { traceId: randomBytes(16), spanIds, rootId: randomBytes(8) };
}

function request(spans: readonly Buffer[]): Buffer {
  const resource = field(1, field(1, keyValue('service.name', 'kubelet')));
  return field(1, Buffer.concat([resource, field(2, Buffer.concat(spans))]));
}

function span({ traceId }: Trace, spanId: Buffer, more: readonly Buffer[]): Buffer {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  const times = [fixed64Field(7, nowNs), fixed64Field(8, nowNs)];
  return field(2, Buffer.concat([field(1, traceId), field(2, spanId), ...times, ...more]));
}

/** The spans below a syncPod, which say nothing of their pod, and then the syncPod itself, which does. */
function syncPod(trace: Trace, uid: string): { children: Buffer; root: Buffer } {
  const parent = field(4, trace.rootId);
  const attribute = field(9, keyValue('k8s.pod.uid', uid));
  return {
    children: request(trace.spanIds.map((id) => span(trace, id, [parent]))),
    root: request([span(trace, trace.rootId, [field(5, 'syncPod'), attribute])]),
  };
}

function keepBusy(
  subject: Subject,
  { background, backgroundSpansPerSecond }: DelayOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = createOtlpClient(subject.endpoint);
  const pauseMs = (background.spans / background.requests.length / backgroundSpansPerSecond) * 1000;
  return (async () => {
    for (let n = 0; !signal.aborted; n++) {
      const index = n % background.requests.length;
      if (index === 0) background.renew();
      const next = background.requests[index];
      if (next !== undefined) await client.export(next, 10_000, new AbortController().signal);
      await sleep(pauseMs);
    }
    client.close();
  })();
}

/**
 * Milliseconds from handing over the span that tells the pod to the arrival of the last copy of its trace, for
 * each trace. `idOf` gives the id that a span has when it comes back.
 */
export async function delays(
  start: (sink: string) => Promise<Subject>,
  idOf: (originalSpanId: string) => string,
  options: DelayOptions,
): Promise<readonly number[]> {
  const awaited = new Map<string, () => void>();
  const sink = await startSink(({ bytes, spanIdAt }) => {
    const id = bytes.toString('latin1', spanIdAt, spanIdAt + 8);
    awaited.get(id)?.();
    awaited.delete(id);
  });
  const subject = await start(sink.endpoint);
  const stop = new AbortController();
  const busy = keepBusy(subject, options, stop.signal);
  const client = createOtlpClient(subject.endpoint);
  const results: number[] = [];
  for (let n = 0; n < options.samples; n++) {
    const trace = newTrace();
    const { children: below, root } = syncPod(trace, options.pod.uid);
    const ids = [...trace.spanIds, trace.rootId].map((id) => idOf(id.toString('hex')));
    const back = Promise.all(ids.map((id) => new Promise<void>((done) => awaited.set(id, done))));
    await client.export(below, 10_000, new AbortController().signal);
    await sleep(betweenMs);
    const sentMs = performance.now();
    await client.export(root, 10_000, new AbortController().signal);
    await Promise.race([
      back,
      sleep(10_000).then(() => Promise.reject(new Error('no copy in 10 s'))),
    ]);
    results.push(performance.now() - sentMs);
  }
  stop.abort();
  await busy;
  client.close();
  await subject.stop();
  await sink.stop();
  return results;
}

/** The id of a copy in a trace, as the receiver sees it; a program that passes spans on keeps theirs. */
export const copyIn =
  (traceId: string) =>
  (originalSpanId: string): string =>
    copiedSpanId(traceId, originalSpanId);
export const unchanged = (originalSpanId: string): string =>
  Buffer.from(originalSpanId, 'hex').toString('latin1');
