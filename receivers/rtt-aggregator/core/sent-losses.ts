import { stretchesKept } from '../../shared/mesh/tally-limits.ts';

/**
 * Losses of one stretch, as rows of who, to whom, how many sent, how many of these lost. Where there are more, the pingers that come
 * later are left out of the judging whole, what they sent included, so that the shares stay right.
 */
const maxLossRows = 10_000;
const lossWidth = 4;

interface Stretch {
  number: number;
  /** At `member * zones + zone`. */
  toZone: Uint32Array;
  fromZone: Uint32Array;
  losses: Int32Array;
  lossRows: number;
}

/** One loss as it was counted. */
export interface LossRow {
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  readonly lost: number;
}

/** What is sent and lost by member and zone in each of the last stretches, in arrays that do not grow with the number of rows. */
export interface SentAndLost {
  /** Whether a stretch takes one more pinger's rows. */
  readonly hasRoom: (number: number) => boolean;
  readonly add: (number: number, row: LossRow, zones: { from: number; to: number }) => void;
  /** All stretches from a number on together, for so many members and zones. */
  readonly since: (
    number: number,
    shape: { readonly members: number; readonly zones: number },
  ) => {
    readonly sentToZone: Float64Array;
    readonly sentFromZone: Float64Array;
    readonly losses: readonly LossRow[];
  };
  readonly clear: () => void;
}

export function createSentAndLost(): SentAndLost {
  let [members, zones] = [64, 4];
  const stretches = Array.from({ length: stretchesKept }, () => emptyStretch(members * zones));

  /** Makes room for a member and a zone. */
  function widen(member: number, zone: number): void {
    if (member < members && zone < zones) return;
    const before = { members, zones };
    while (member >= members) members *= 2;
    while (zone >= zones) zones *= 2;
    for (const stretch of stretches) {
      stretch.toZone = widened(stretch.toZone, before, { members, zones });
      stretch.fromZone = widened(stretch.fromZone, before, { members, zones });
    }
  }

  function stretchOf(number: number): Stretch | undefined {
    const stretch = stretches[number % stretchesKept];
    if (stretch === undefined || stretch.number > number) return undefined;
    if (stretch.number < number) {
      stretch.number = number;
      stretch.toZone.fill(0);
      stretch.fromZone.fill(0);
      stretch.lossRows = 0;
    }
    return stretch;
  }

  return {
    hasRoom: (number) => (stretchOf(number)?.lossRows ?? maxLossRows) < maxLossRows,
    add: (number, { from, to, sent, lost }, { from: fromZone, to: toZone }) => {
      widen(Math.max(from, to), Math.max(fromZone, toZone));
      const stretch = stretchOf(number);
      if (stretch === undefined) return;
      const [out, back] = [from * zones + toZone, to * zones + fromZone];
      stretch.toZone[out] = (stretch.toZone[out] ?? 0) + sent;
      stretch.fromZone[back] = (stretch.fromZone[back] ?? 0) + sent;
      if (lost === 0) return;
      const at = stretch.lossRows * lossWidth;
      if (at === stretch.losses.length) stretch.losses = doubled(stretch.losses);
      stretch.losses.set([from, to, sent, lost], at);
      stretch.lossRows++;
    },
    since: (number, shape) => {
      const size = shape.members * shape.zones;
      const [sentToZone, sentFromZone] = [new Float64Array(size), new Float64Array(size)];
      const current = stretches.filter((stretch) => stretch.number >= number);
      const from = { members, zones };
      for (const { toZone, fromZone } of current) {
        addUp(sentToZone, shape, { values: toZone, shape: from });
        addUp(sentFromZone, shape, { values: fromZone, shape: from });
      }
      return { sentToZone, sentFromZone, losses: current.flatMap(lossesOf) };
    },
    clear: () => {
      for (const stretch of stretches) stretch.number = -1;
    },
  };
}

interface Shape {
  readonly members: number;
  readonly zones: number;
}

function emptyStretch(size: number): Stretch {
  return {
    number: -1,
    toZone: new Uint32Array(size),
    fromZone: new Uint32Array(size),
    losses: new Int32Array(16 * lossWidth),
    lossRows: 0,
  };
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(values.length * 2);
  longer.set(values);
  return longer;
}

function widened(values: Uint32Array, from: Shape, to: Shape): Uint32Array {
  const wider = new Uint32Array(to.members * to.zones);
  addUp(wider, to, { values, shape: from });
  return wider;
}

/** Adds values of one shape to sums of another; what has no place there is left out. */
function addUp(
  sums: Float64Array | Uint32Array,
  { members, zones }: Shape,
  from: { readonly values: Uint32Array; readonly shape: Shape },
): void {
  const [rows, columns] = [
    Math.min(members, from.shape.members),
    Math.min(zones, from.shape.zones),
  ];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * zones + column;
      sums[at] = (sums[at] ?? 0) + (from.values[row * from.shape.zones + column] ?? 0);
    }
}

function lossesOf({ losses, lossRows }: Stretch): LossRow[] {
  return Array.from({ length: lossRows }, (_, row) => {
    const at = row * lossWidth;
    return {
      from: losses[at] ?? 0,
      to: losses[at + 1] ?? 0,
      sent: losses[at + 2] ?? 0,
      lost: losses[at + 3] ?? 0,
    };
  });
}
