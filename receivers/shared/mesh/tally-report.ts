import * as z from 'zod';

import {
  mostConvicted,
  mostLetters,
  mostProtocolLetters,
  mostRows,
  stretchesKept,
} from './tally-limits.ts';

const count = z.int().min(0);
const seconds = z.number().min(0).nullable();

const place = z.object({
  node: z.string().max(mostLetters),
  zone: z.string().max(mostLetters),
  rack: z.string().max(mostLetters),
  /** Empty where the peer is a node. */
  namespace: z.string().max(mostLetters),
  pod: z.string().max(mostLetters),
});

/** Probes of one pair in one stretch: the row's columns in this order. Null durations: none succeeded with a sound time. */
export const tallyColumns = [
  'destination',
  'sent',
  'lost',
  'timed',
  'sumS',
  'minS',
  'maxS',
  'lastS',
] as const;

const row = z.tuple([count, count, count, count, z.number().min(0), seconds, seconds, seconds]);

/**
 * What one pinger sent and lost, answered by `GET /tally?after=NUMBER` on its metrics port: the finished stretches that follow
 * the number, oldest first. Asking twice is harmless.
 */
export const tallyReport = z.object({
  version: z.literal(1),
  protocol: z.string().max(mostProtocolLetters),
  source: place,
  /** Every pair is probed in each interval; otherwise by the plan. */
  full: z.boolean(),
  intervalMs: z.number().positive(),
  /** Who the rows and the convicted name by place. */
  destinations: z.array(place).max(mostRows),
  stretches: z
    .array(z.object({ number: z.int().min(0), rows: z.array(row).max(mostRows) }))
    .max(stretchesKept),
  /** Places of the destinations to which the link is at fault, as far as the pinger's own repeated probes tell. */
  convicted: z.array(count).max(mostConvicted),
});

export type MeshPlace = Readonly<z.infer<typeof place>>;
export type TallyReport = Readonly<z.infer<typeof tallyReport>>;
export type TallyRow = Readonly<z.infer<typeof row>>;
