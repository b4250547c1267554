/** Places of members, and the zone of each by number. */
export interface MeshShape {
  readonly zoneOf: ArrayLike<number>;
  readonly zones: number;
}

export interface Loss {
  readonly from: number;
  readonly to: number;
  /** Probes; default 1. */
  readonly lost?: number;
}

/** One directed pair that may be at fault by itself. */
export interface LinkTally {
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  readonly lost: number;
}

/** What all members together saw in a stretch of time. */
export interface MeshTally {
  /** Probes sent by each member to each zone: at `member * zones + zone`. */
  readonly sentToZone: Float64Array;
  /** Probes sent to each member from each zone. */
  readonly sentFromZone: Float64Array;
  readonly losses: readonly Loss[];
  /** Links that lost probes, and among how many they were chosen. Left out: links are judged elsewhere, and their losses not in it. */
  readonly links?: { readonly candidates: readonly LinkTally[]; readonly among: number };
}

/** Probes from a node, to it, or both. */
type Way = 'from' | 'to' | 'both';

type Culprit =
  | { readonly kind: 'node'; readonly node: number; readonly way: Way }
  | { readonly kind: 'link' | 'zones'; readonly from: number; readonly to: number };

/** Who is at fault, the share of its probes that is lost, and how sure it is. */
export type Blame = Culprit & { readonly loss: number; readonly evidence: number };

export interface BlameRules {
  /** Share of probes that is lost where nothing is at fault, at most. */
  readonly usualLoss: number;
  /** Least gain in the logarithm of the likelihood for a culprit, beyond that of how many there are to choose from. */
  readonly evidence: number;
}

/**
 * Finds the fewest nodes, links and directed pairs of zones that explain the losses: again and again the one whose guilt makes
 * what was seen most likely, as long as that is convincing; what it explains is then taken away from all others.
 */
export function findBlame(shape: MeshShape, tally: MeshTally, rules: BlameRules): readonly Blame[] {
  const found: Blame[] = [];
  let left: Left = {
    sentToZone: tally.sentToZone.slice(),
    sentFromZone: tally.sentFromZone.slice(),
    sentByPair: sentByPair(shape, tally.sentToZone),
    losses: tally.losses,
    links: tally.links?.candidates ?? [],
  };
  const choices = 3 * shape.zoneOf.length + shape.zones ** 2 + (tally.links?.among ?? 0);
  const needed = rules.evidence + Math.log(choices);
  while (found.length < maxBlamed) {
    const best = likeliest(shape, left, rules.usualLoss);
    if (best === undefined || best.evidence < needed) break;
    found.push(best);
    left = takenAway(best, shape, left);
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

/** What is not explained yet. */
interface Left {
  readonly sentToZone: Float64Array;
  readonly sentFromZone: Float64Array;
  /** Between pairs of zones, at `from * zones + to`. */
  readonly sentByPair: Float64Array;
  readonly losses: readonly Loss[];
  readonly links: readonly LinkTally[];
}

function likeliest(shape: MeshShape, left: Left, usualLoss: number): Blame | undefined {
  const { zoneOf, zones } = shape;
  const lostTo = new Float64Array(zoneOf.length);
  const lostFrom = new Float64Array(zoneOf.length);
  const lostByPair = new Float64Array(zones * zones);
  for (const { from, to, lost = 1 } of left.losses) {
    increase(lostFrom, from, lost);
    increase(lostTo, to, lost);
    increase(lostByPair, pairOf(shape, { from, to }), lost);
  }
  let best: Blame | undefined;
  const consider = (culprit: Culprit, sent: number, lost: number): void => {
    const evidence = evidenceOf(sent, lost, usualLoss);
    if (evidence > (best?.evidence ?? 0)) best = { ...culprit, loss: lost / sent, evidence };
  };
  // Where several explain the same, the narrowest does: a link before a node before a pair of zones.
  for (const { from, to, sent, lost } of left.links)
    consider({ kind: 'link', from, to }, sent, lost);
  for (let node = 0; node < zoneOf.length; node++) {
    const [to, from] = [lostTo[node] ?? 0, lostFrom[node] ?? 0];
    if (to + from === 0) continue;
    const sentTo = sumOf(left.sentFromZone, node * zones, zones);
    const sentFrom = sumOf(left.sentToZone, node * zones, zones);
    consider({ kind: 'node', node, way: 'both' }, sentTo + sentFrom, to + from);
    consider({ kind: 'node', node, way: 'to' }, sentTo, to);
    consider({ kind: 'node', node, way: 'from' }, sentFrom, from);
  }
  for (const [pair, lost] of lostByPair.entries()) {
    const [from, to] = [Math.floor(pair / zones), pair % zones];
    consider({ kind: 'zones', from, to }, left.sentByPair[pair] ?? 0, lost);
  }
  return best;
}

function sentByPair({ zoneOf, zones }: MeshShape, sentToZone: Float64Array): Float64Array {
  const sent = new Float64Array(zones * zones);
  for (let node = 0; node < zoneOf.length; node++)
    for (let zone = 0; zone < zones; zone++)
      increase(sent, (zoneOf[node] ?? 0) * zones + zone, sentToZone[node * zones + zone] ?? 0);
  return sent;
}

function explains(blame: Culprit, { from, to }: Loss, { zoneOf }: MeshShape): boolean {
  switch (blame.kind) {
    case 'node':
      return (
        (from === blame.node && blame.way !== 'to') || (to === blame.node && blame.way !== 'from')
      );
    case 'link':
      return from === blame.from && to === blame.to;
    case 'zones':
      return zoneOf[from] === blame.from && zoneOf[to] === blame.to;
  }
}

/** The probes that a culprit accounts for are nobody's evidence any more. */
function takenAway(blame: Culprit, shape: MeshShape, left: Left): Left {
  const { zoneOf, zones } = shape;
  const { sentToZone, sentFromZone } = left;
  for (const link of left.links) if (explains(blame, link, shape)) takeLinkAway(link, shape, left);
  switch (blame.kind) {
    case 'link':
      break;
    case 'node':
      for (let zone = 0; zone < zones; zone++) {
        const at = blame.node * zones + zone;
        const own = zoneOf[blame.node] ?? 0;
        if (blame.way !== 'to') moveAway(sentToZone, at, left.sentByPair, own * zones + zone);
        if (blame.way !== 'from') moveAway(sentFromZone, at, left.sentByPair, zone * zones + own);
      }
      break;
    case 'zones':
      left.sentByPair[blame.from * zones + blame.to] = 0;
      for (let node = 0; node < zoneOf.length; node++) {
        if (zoneOf[node] === blame.from) sentToZone[node * zones + blame.to] = 0;
        if (zoneOf[node] === blame.to) sentFromZone[node * zones + blame.from] = 0;
      }
  }
  const unexplained = (pair: Loss): boolean => !explains(blame, pair, shape);
  return {
    ...left,
    losses: left.losses.filter(unexplained),
    links: left.links.filter(unexplained),
  };
}

/** Also from the tallies of its nodes and zones. */
function takeLinkAway({ from, to, sent }: LinkTally, shape: MeshShape, left: Left): void {
  const { zoneOf, zones } = shape;
  increase(left.sentToZone, from * zones + (zoneOf[to] ?? 0), -sent);
  increase(left.sentFromZone, to * zones + (zoneOf[from] ?? 0), -sent);
  increase(left.sentByPair, pairOf(shape, { from, to }), -sent);
}

function moveAway(from: Float64Array, at: number, sum: Float64Array, place: number): void {
  increase(sum, place, -(from[at] ?? 0));
  from[at] = 0;
}

function pairOf({ zoneOf, zones }: MeshShape, { from, to }: Loss): number {
  return (zoneOf[from] ?? 0) * zones + (zoneOf[to] ?? 0);
}

/** Never below zero: links and zones are counted apart from each other. */
function increase(values: Float64Array, at: number, by: number): void {
  values[at] = Math.max(0, (values[at] ?? 0) + by);
}

function sumOf(values: Float64Array, from: number, many: number): number {
  let sum = 0;
  for (let index = from; index < from + many; index++) sum += values[index] ?? 0;
  return sum;
}
