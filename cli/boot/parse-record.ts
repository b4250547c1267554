import * as z from 'zod';
import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import type { Missing, Timing } from '../../receivers/log-tailer/boot/measurement.ts';
import { parseTimeNs } from '../../receivers/shared/rfc3339.ts';

export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: BootRecord }
  | { readonly kind: 'invalid'; readonly problem: string };

const time = z.string().transform((text, context) => {
  const ns = parseTimeNs(text);
  if (ns !== null) return ns;
  context.addIssue(`expected a time such as 2026-11-21T09:30:00Z, got '${text.slice(0, 40)}'`);
  return z.NEVER;
});

const precision = z
  .number()
  .nonnegative()
  .transform((seconds) => Math.round(seconds * 1e9));

const event = z.object({
  name: z.string(),
  metric: z.string(),
  matchSelector: z.enum(['first', 'last', 'all']),
  terminal: z.boolean(),
  src: z.string(),
});

const timed = z.object({
  event,
  timestamp: time,
  precisionSeconds: precision,
  comment: z.string(),
  afterEnd: z.boolean(),
});

const missing = z.object({
  event,
  timestamp: z.null(),
  awaited: z.boolean(),
  error: z.string(),
});

const activity = z.object({
  kind: z.enum(['kernel', 'initrd', 'userspace', 'unit', 'cloud-init']),
  name: z.string(),
  source: z.string(),
  from: time,
  to: time,
  precisionSeconds: precision,
  bootId: z.string().optional(),
  failure: z.string().optional(),
});

const record = z.object({
  node: z.record(z.string(), z.string()),
  zero: z
    .object({
      event: z.string(),
      timestamp: time,
      precisionSeconds: precision,
      anchored: z.boolean(),
    })
    .nullable(),
  end: time.nullable(),
  complete: z.boolean(),
  timings: z.array(z.union([timed, missing])),
  activities: z.array(activity),
});

/** Reads what a log tailer answers at /boot, and what `kube-latency boot --output json` prints. */
export function parseRecord(value: unknown): ParsedRecord {
  const parsed = record.safeParse(value);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const where = first?.path.map(String).join('.') ?? '';
    const problem = `${where === '' ? '' : `at ${where} `}${first?.message ?? 'nothing is known'}`;
    return { kind: 'invalid', problem };
  }
  const { node, zero, end, complete, timings, activities } = parsed.data;
  return {
    kind: 'record',
    record: {
      facts: node,
      measurement: {
        zero:
          zero === null
            ? undefined
            : {
                event: zero.event,
                atUnixNs: zero.timestamp,
                precisionNs: zero.precisionSeconds,
                anchored: zero.anchored,
              },
        endUnixNs: end ?? undefined,
        complete,
        timings: timings.flatMap((each) =>
          each.timestamp === null ? [] : [timingOf(each, zero?.timestamp ?? each.timestamp)],
        ),
        missing: timings.flatMap((each) => (each.timestamp === null ? [missingOf(each)] : [])),
      },
      activities: activities.map(({ from, to, precisionSeconds, bootId, failure, ...rest }) => ({
        ...rest,
        fromUnixNs: from,
        toUnixNs: to,
        precisionNs: precisionSeconds,
        ...(bootId === undefined ? {} : { bootId }),
        ...(failure === undefined ? {} : { failure }),
      })),
    },
  };
}

function timingOf(told: z.infer<typeof timed>, zeroNs: bigint): Timing {
  const { timestamp, precisionSeconds, comment, afterEnd } = told;
  return {
    event: definitionOf(told.event),
    source: told.event.src,
    atUnixNs: timestamp,
    precisionNs: precisionSeconds,
    sinceNs: timestamp - zeroNs,
    afterEnd,
    ...(comment === '' ? {} : { comment }),
  };
}

function missingOf({ event: told, error, awaited }: z.infer<typeof missing>): Missing {
  return { event: definitionOf(told), why: error, awaited };
}

function definitionOf({ name, metric, matchSelector, terminal, src }: z.infer<typeof event>) {
  return { name, metric, selector: matchSelector, terminal, sources: src.split(', ') };
}
