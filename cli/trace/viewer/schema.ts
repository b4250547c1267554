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
  events: z.array(z.object({ name: z.string(), timestamp: nanoseconds, attributes })),
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

/** Result of `searchTraces`: summaries of the spans that fit, by trace, the newest first. */
export const tracesResult = z.array(z.object({ traceID: hex(32) }));

/** The same where the spans' times are wanted. */
export const timesResult = z.array(
  z.object({ traceID: hex(32), durationNs: nanoseconds.nullable(), errorCount: z.number() }),
);

/** The same where only their beginnings are wanted. */
export const beginningsResult = z.array(z.object({ startTime: nanoseconds }));

/** A JSON-RPC 2.0 answer. */
export const rpcAnswer = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
]);
