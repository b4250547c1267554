import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { createEngine } from '../../receivers/correlator/engine.ts';
import { loadConfig } from '../../receivers/correlator/config.ts';
import { podSnapshot } from '../../receivers/correlator/edge/pod-object.ts';
import type { Config } from '../../receivers/correlator/schema.ts';
import { readRequest } from '../../receivers/correlator/wire/request.ts';
import { emptySpan } from '../../receivers/correlator/wire/span.ts';
import { field } from '../../receivers/correlator/wire/writer.ts';

/** Metadata of a pod as the API server gives it. */
export interface PodMetadata {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp: string;
}

/** One recorded span, encoded, with what was around it. */
interface RecordedSpan {
  readonly resource: string;
  readonly scope: string;
  readonly traceId: string;
  readonly bytes: Buffer;
}

/** Requests of one kind of load. Trace ids are patched in place for each round, so that each is new to the receiver. */
export interface Load {
  readonly requests: readonly Buffer[];
  readonly spans: number;
  /** Makes every trace id one that was not there in the rounds before. */
  readonly renew: () => void;
}

export interface Traffic {
  readonly pods: readonly PodMetadata[];
  /** Spans of traces that are about a pod of ours, and of those that are not. */
  readonly relevant: readonly RecordedSpan[];
  readonly others: readonly RecordedSpan[];
}

const fixture = new URL('../fixtures/correlator-traffic.bin.br', import.meta.url);
const spansPerRequest = 512;

/** The configuration that the recorded pods are chosen by. */
function benchConfig(): Config {
  const observed = [
    { namespaces: ['shop'], labels: {} },
    { namespaces: ['shop2'], labels: {} },
  ];
  return { ...loadConfig({ role: ['node', 'control-plane'] }, { K8S_NODE_NAME: 'n1' }), observed };
}

function readParts(): { pods: readonly PodMetadata[]; requests: readonly Buffer[] } {
  const bytes = brotliDecompressSync(readFileSync(fixture));
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [head, ...requests] = parts;
  return { ...(JSON.parse(String(head)) as { pods: readonly PodMetadata[] }), requests };
}

function spansOf(request: Buffer): RecordedSpan[] {
  const spans: RecordedSpan[] = [];
  readRequest(
    request,
    emptySpan(),
    {
      wanted: () => true,
      span: ({ bytes, start, end, traceIdAt }, origin) => {
        const traceId = bytes.toString('latin1', traceIdAt, traceIdAt + 16);
        spans.push({ ...origin(), traceId, bytes: Buffer.from(bytes.subarray(start, end)) });
      },
      unwanted: () => undefined,
      malformed: (why) => {
        throw new Error(`the recorded traffic holds a span that cannot be read: ${why}`);
      },
    },
    Number.MAX_SAFE_INTEGER,
  );
  return spans;
}

/** The original traces that the correlator itself joins to a pod. */
function joinedTraces(requests: readonly Buffer[], pods: readonly PodMetadata[]): Set<string> {
  const engine = createEngine({
    config: benchConfig(),
    resource: { 'service.name': 'correlator' },
    watching: () => true,
  });
  const nowMs = Date.now();
  for (const metadata of pods) {
    const pod = podSnapshot({ metadata }, 'tracing.k8s.io/traceparent');
    if (pod !== undefined) engine.pod({ kind: 'seen', pod, atMs: nowMs });
  }
  for (const request of requests) engine.receive(request, nowMs);
  engine.finish();
  const joined = new Set<string>();
  for (const { bytes } of engine.take())
    for (const span of spansOf(bytes)) joined.add(originalTrace(span.bytes));
  return joined;
}

const originalKey = 'kube_latency.original_trace_id';

function originalTrace(span: Buffer): string {
  const at = span.indexOf(originalKey) + originalKey.length + 4;
  return Buffer.from(span.toString('latin1', at, at + 32), 'hex').toString('latin1');
}

/** The recorded traffic of a cluster of three nodes, split by whether it is about a pod that is followed. */
export function loadTraffic(): Traffic {
  const { pods, requests } = readParts();
  const spans = requests.flatMap(spansOf);
  const joined = joinedTraces(requests, pods);
  const own = new Set(
    pods.map(({ annotations }) => annotations?.['tracing.k8s.io/traceparent']?.slice(3, 35) ?? ''),
  );
  const isOwn = ({ traceId }: RecordedSpan): boolean =>
    own.has(Buffer.from(traceId, 'latin1').toString('hex'));
  return {
    pods,
    relevant: spans.filter(({ traceId }) => joined.has(traceId)),
    others: spans.filter((span) => !joined.has(span.traceId) && !isOwn(span)),
  };
}

function encodeEnvelope(spans: readonly RecordedSpan[]): Buffer {
  const groups = Map.groupBy(spans, ({ resource, scope }) => `${resource}\n${scope}`);
  return Buffer.concat(
    [...groups.values()].map((group) => {
      const scope = Buffer.from(group[0]?.scope ?? '', 'latin1');
      const resource = Buffer.from(group[0]?.resource ?? '', 'latin1');
      const scopeSpans = Buffer.concat([scope, ...group.map(({ bytes }) => field(2, bytes))]);
      return field(1, Buffer.concat([resource, field(2, scopeSpans)]));
    }),
  );
}

/** Where the trace ids of the spans, and those that links name, stand in a request. */
function traceIdOffsets(request: Buffer, traces: ReadonlySet<string>): number[] {
  const offsets: number[] = [];
  readRequest(
    request,
    emptySpan(),
    {
      wanted: () => true,
      span: ({ bytes, start, end, traceIdAt, links }) => {
        offsets.push(traceIdAt);
        for (const link of links) {
          if (!traces.has(link)) continue;
          const at = bytes.subarray(start, end).indexOf(Buffer.from(link, 'latin1'));
          if (at >= 0 && start + at !== traceIdAt) offsets.push(start + at);
        }
      },
      unwanted: () => undefined,
      malformed: () => undefined,
    },
    Number.MAX_SAFE_INTEGER,
  );
  return offsets;
}

/** Makes a load of spans in their recorded order, in requests as the agent sends them. */
export function createLoad(spans: readonly RecordedSpan[]): Load {
  const traces = new Set(spans.map(({ traceId }) => traceId));
  const requests: Buffer[] = [];
  for (let at = 0; at < spans.length; at += spansPerRequest)
    requests.push(encodeEnvelope(spans.slice(at, at + spansPerRequest)));
  const places = requests.map((request) => ({ request, at: traceIdOffsets(request, traces) }));
  const originals = places.map(({ request, at }) =>
    at.map((offset) => request.readUInt32LE(offset)),
  );
  let round = 0;
  return {
    requests,
    spans: spans.length,
    renew: () => {
      round++;
      const mask = Math.imul(round, 0x9e37_79b1) >>> 0;
      for (const [index, { request, at }] of places.entries())
        for (const [n, offset] of at.entries())
          request.writeUInt32LE(((originals[index]?.[n] ?? 0) ^ mask) >>> 0, offset);
    },
  };
}

/** Others with as many relevant traces among them as make up the share, spread evenly. */
export function mix({ relevant, others }: Traffic, share: number): readonly RecordedSpan[] {
  const wanted = (others.length * share) / (1 - share);
  const byTrace = [...Map.groupBy(relevant, ({ traceId }) => traceId).values()];
  const chosen: (readonly RecordedSpan[])[] = [];
  let count = 0;
  for (const trace of byTrace) {
    if (count + trace.length > wanted) continue;
    chosen.push(trace);
    count += trace.length;
  }
  const gap = Math.ceil(others.length / Math.max(1, chosen.length));
  return chosen.flatMap((trace, index) => [
    ...others.slice(index * gap, (index + 1) * gap),
    ...trace,
  ]);
}
