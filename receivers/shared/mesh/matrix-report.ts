import * as z from 'zod';

const share = z.number().min(0).max(1);
const seconds = z.number().min(0).nullable();

const member = z.object({
  name: z.string(),
  zone: z.string(),
  rack: z.string(),
});

/** One ordered pair, or one ordered pair of zones, over the window. */
const cell = z.object({
  /** Places in the list that the cells are of. */
  from: z.int().min(0),
  to: z.int().min(0),
  sent: z.int().min(0),
  lost: z.int().min(0),
  /** Of the round trips that succeeded; null: none did. */
  meanS: seconds,
  minS: seconds,
  maxS: seconds,
  lastS: seconds,
});

const verdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('node'), node: z.string(), loss: share }),
  z.object({ kind: z.literal('link'), from: z.string(), to: z.string(), loss: share }),
  z.object({ kind: z.literal('zones'), from: z.string(), to: z.string(), loss: share }),
]);

/** The mesh as the aggregator sees it, answered by `GET /matrix` on its port. */
export const matrixReport = z.object({
  version: z.literal(1),
  protocol: z.string(),
  /** When it was made, milliseconds of the Unix clock. */
  atMs: z.number(),
  windowMs: z.number(),
  nodes: z.array(member),
  zones: z.array(z.string()),
  /** Cells of nodes; empty where the mesh is larger than what is kept by pair: then the zones stand in. */
  pairs: z.array(cell),
  zonePairs: z.array(cell),
  /** Names of nodes whose pinger is not heard. */
  silent: z.array(z.string()),
  verdicts: z.array(verdict.and(z.object({ sinceMs: z.number() }))),
});

export type MatrixReport = Readonly<z.infer<typeof matrixReport>>;
export type MatrixCell = Readonly<z.infer<typeof cell>>;
export type Verdict = MatrixReport['verdicts'][number];
