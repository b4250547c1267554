import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { writeAtomically } from '../edge/write-atomically.ts';
import type { Position } from '../journal/position.ts';
import type { Told } from './ledger.ts';

/** What a restart within a boot goes on from. */
export interface LogState {
  readonly bootId: string;
  readonly told: Told;
  /** How far the journal was read; undefined: it was not. */
  readonly journal: Position | undefined;
}

const bigints = z
  .string()
  .regex(/^-?\d{1,30}$/)
  .transform(BigInt);
const stamped = {
  source: z.string(),
  atUnixNs: bigints,
  precisionNs: z.number(),
  bootId: z.string().exactOptional(),
  monotonicUs: z.number().exactOptional(),
};

const format = z.strictObject({
  version: z.literal(1),
  bootId: z.string(),
  occurrences: z.array(
    z.strictObject({ event: z.string(), comment: z.string().exactOptional(), ...stamped }),
  ),
  units: z.array(
    z.strictObject({ unit: z.string(), phase: z.enum(['begins', 'done', 'failed']), ...stamped }),
  ),
  journal: z.unknown().optional(),
});

/** Undefined where there is none, or one that cannot be read: everything is then read from its begin. */
export async function loadState(path: string): Promise<LogState | undefined> {
  try {
    const parsed = format.parse(JSON.parse(await readFile(path, 'utf8')));
    const { bootId, occurrences, units, journal } = parsed;
    return {
      bootId,
      told: { occurrences, units },
      journal: (journal ?? undefined) as Position | undefined,
    };
  } catch {
    return undefined;
  }
}

/** Whoever reads it finds the old state or the new, whenever the machine stops. Rejects where it cannot be written. */
export async function saveState(path: string, { bootId, told, journal }: LogState): Promise<void> {
  const { occurrences, units } = told;
  const text = JSON.stringify({ version: 1, bootId, occurrences, units, journal }, (_, value) =>
    typeof value === 'bigint' ? String(value) : (value as unknown),
  );
  await writeAtomically(path, text);
}
