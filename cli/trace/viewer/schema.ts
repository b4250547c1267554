import { z } from 'zod';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const nanoseconds = z.string().regex(/^-?\d+$/);

const attributes = z.array(z.object({ key: z.string(), value: z.string(), type: z.string() }));

const spanData = z.object({
  spanID: hex(16),
  parentSpanID: hex(16).nullable(),
  name: z.string(),
  kind: z.string(),
  startTime: nanoseconds,
  endTime: nanoseconds,
  attributes,
  links: z.array(z.object({ traceID: hex(32), spanID: hex(16) })),
  resource: z.object({ attributes }),
  statusCode: z.string(),
  statusMessage: z.string(),
});

/** One span as the viewer's `searchSpans` gives it. */
export type ViewerSpan = z.infer<typeof spanData>;
export type ViewerAttribute = z.infer<typeof attributes>[number];

/** Result of `searchSpans`: the spans of one trace. */
export const spansResult = z.object({
  traceID: hex(32),
  spans: z.array(z.object({ spanData })),
});

/** Result of `searchTraces`: summaries, the newest first. */
export const tracesResult = z.array(z.object({ traceID: hex(32) }));

/** A JSON-RPC 2.0 answer. */
export const rpcAnswer = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
]);
