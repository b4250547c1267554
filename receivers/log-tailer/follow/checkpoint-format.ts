import { z } from 'zod';

const print = z.strictObject({ bytes: z.int().min(0), hash: z.string() });

const savedLog = z.strictObject({
  id: z.string().min(1),
  path: z.string(),
  /** Device and inode. */
  file: z.string(),
  /** Acknowledged, in bytes of the log as it reads uncompressed. */
  offset: z.int().min(0),
  head: print,
  anchor: print,
  /** Of a log that ended: how long it is. */
  length: z.int().min(0).optional(),
  /** Milliseconds since the Unix epoch. */
  goneSinceMs: z.number().optional(),
});

const checkpoints = z.strictObject({
  version: z.literal(1),
  /** The number of the next log. */
  next: z.int().min(1),
  logs: z.array(savedLog),
});

export type SavedLog = z.infer<typeof savedLog>;
export type Checkpoints = z.infer<typeof checkpoints>;

export const noCheckpoints: Checkpoints = { version: 1, next: 1, logs: [] };

export type ReadCheckpoints =
  | { readonly kind: 'read'; readonly checkpoints: Checkpoints }
  | { readonly kind: 'unusable'; readonly problem: string };

/** What a file of checkpoints says. */
export function parseCheckpoints(text: string): ReadCheckpoints {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (caught) {
    return { kind: 'unusable', problem: `expected JSON: ${String(caught)}` };
  }
  const parsed = checkpoints.safeParse(value);
  if (parsed.success) return { kind: 'read', checkpoints: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: 'unusable', problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

export function formatCheckpoints(value: Checkpoints): string {
  return `${JSON.stringify(value)}\n`;
}
