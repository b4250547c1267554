/** Places of members in the ring, and the zone of each by number. */
export interface MeshShape {
  readonly zoneOf: ArrayLike<number>;
  readonly zones: number;
}

/** What all members together saw in a stretch of time. Losses of convicted links are not in it. */
export interface MeshTally {
  /** Probes sent by each member to each zone: at `member * zones + zone`. */
  readonly sentToZone: Float64Array;
  /** Probes sent to each member from each zone. */
  readonly sentFromZone: Float64Array;
  readonly losses: readonly { readonly from: number; readonly to: number }[];
}

export type Blame =
  | {
      readonly kind: 'node';
      readonly node: number;
      readonly loss: number;
      readonly evidence: number;
    }
  | {
      readonly kind: 'zones';
      readonly from: number;
      readonly to: number;
      readonly loss: number;
      readonly evidence: number;
    };

export interface BlameRules {
  /** Share of probes that is lost where nothing is at fault, at most. */
  readonly usualLoss: number;
  /** Least gain in the logarithm of the likelihood for a culprit, beyond that of how many there are to choose from. */
  readonly evidence: number;
}

/**
 * Finds the fewest nodes and directed pairs of zones that explain the losses: again and again the one whose guilt makes what
 * was seen most likely, as long as that is convincing; what it explains is then taken away from all others.
 */
export function findBlame(shape: MeshShape, tally: MeshTally, rules: BlameRules): readonly Blame[] {
  const found: Blame[] = [];
  const sentToZone = tally.sentToZone.slice();
  const sentFromZone = tally.sentFromZone.slice();
  let losses = tally.losses;
  const choices = shape.zoneOf.length + shape.zones ** 2;
  const needed = rules.evidence + Math.log(choices);
  while (found.length < maxBlamed) {
    const best = likeliest(shape, { sentToZone, sentFromZone, losses }, rules.usualLoss);
    if (best === undefined || best.evidence < needed) break;
    found.push(best);
    losses = losses.filter((loss) => !explains(best, loss, shape));
    takeAway(best, shape, { sentToZone, sentFromZone });
  }
  return found;
}

const maxBlamed = 32;

/** How much likelier so many losses are at their own rate than at the usual one (Poisson). */
function evidenceOf(sent: number, lost: number, usualLoss: number): number {
  const expected = sent * usualLoss;
  if (sent === 0 || lost <= expected) return 0;
  return lost * Math.log(lost / expected) - (lost - expected);
}

function likeliest(shape: MeshShape, tally: MeshTally, usualLoss: number): Blame | undefined {
  const { zoneOf, zones } = shape;
  const nodeLost = new Map<number, number>();
  const pairLost = new Float64Array(zones * zones);
  for (const { from, to } of tally.losses) {
    nodeLost.set(from, (nodeLost.get(from) ?? 0) + 1);
    nodeLost.set(to, (nodeLost.get(to) ?? 0) + 1);
    const pair = (zoneOf[from] ?? 0) * zones + (zoneOf[to] ?? 0);
    pairLost[pair] = (pairLost[pair] ?? 0) + 1;
  }
  let best: Blame | undefined;
  const consider = (candidate: Blame): void => {
    if (candidate.evidence > (best?.evidence ?? 0)) best = candidate;
  };
  for (const [node, lost] of nodeLost) {
    const sent =
      sumOf(tally.sentToZone, node * zones, zones) + sumOf(tally.sentFromZone, node * zones, zones);
    const evidence = evidenceOf(sent, lost, usualLoss);
    consider({ kind: 'node', node, loss: lost / sent, evidence });
  }
  const pairSent = sentByPair(shape, tally.sentToZone);
  for (const [pair, lost] of pairLost.entries()) {
    const sent = pairSent[pair] ?? 0;
    const [from, to] = [Math.floor(pair / zones), pair % zones];
    consider({
      kind: 'zones',
      from,
      to,
      loss: lost / sent,
      evidence: evidenceOf(sent, lost, usualLoss),
    });
  }
  return best;
}

function sentByPair({ zoneOf, zones }: MeshShape, sentToZone: Float64Array): Float64Array {
  const sent = new Float64Array(zones * zones);
  for (let node = 0; node < zoneOf.length; node++)
    for (let zone = 0; zone < zones; zone++) {
      const pair = (zoneOf[node] ?? 0) * zones + zone;
      sent[pair] = (sent[pair] ?? 0) + (sentToZone[node * zones + zone] ?? 0);
    }
  return sent;
}

function explains(
  blame: Blame,
  { from, to }: { readonly from: number; readonly to: number },
  { zoneOf }: MeshShape,
): boolean {
  if (blame.kind === 'node') return from === blame.node || to === blame.node;
  return zoneOf[from] === blame.from && zoneOf[to] === blame.to;
}

/** The probes that a culprit accounts for are nobody's evidence any more. */
function takeAway(
  blame: Blame,
  { zoneOf, zones }: MeshShape,
  { sentToZone, sentFromZone }: Pick<MeshTally, 'sentToZone' | 'sentFromZone'>,
): void {
  if (blame.kind === 'node') {
    for (const sent of [sentToZone, sentFromZone])
      sent.fill(0, blame.node * zones, (blame.node + 1) * zones);
    return;
  }
  for (let node = 0; node < zoneOf.length; node++) {
    if (zoneOf[node] === blame.from) sentToZone[node * zones + blame.to] = 0;
    if (zoneOf[node] === blame.to) sentFromZone[node * zones + blame.from] = 0;
  }
}

function sumOf(values: Float64Array, from: number, many: number): number {
  let sum = 0;
  for (let index = from; index < from + many; index++) sum += values[index] ?? 0;
  return sum;
}
