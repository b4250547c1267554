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

/** Who is at fault, the share of its probes that is lost, and how sure it is. */
export type Blame = { readonly loss: number; readonly evidence: number } & (
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'link' | 'zones'; readonly from: number; readonly to: number }
);

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
  const sentToZone = tally.sentToZone.slice();
  const sentFromZone = tally.sentFromZone.slice();
  let { losses, links = { candidates: [], among: 0 } } = tally;
  const choices = shape.zoneOf.length + shape.zones ** 2 + links.among;
  const needed = rules.evidence + Math.log(choices);
  while (found.length < maxBlamed) {
    const left = { sentToZone, sentFromZone, losses, links };
    const best = likeliest(shape, left, rules.usualLoss);
    if (best === undefined || best.evidence < needed) break;
    found.push(best);
    const others = (pair: Loss): boolean => !explains(best, pair, shape);
    takeAway(best, shape, left);
    losses = losses.filter(others);
    links = { ...links, candidates: links.candidates.filter(others) };
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

type Left = Required<MeshTally>;

function likeliest(shape: MeshShape, tally: Left, usualLoss: number): Blame | undefined {
  const { zoneOf, zones } = shape;
  const nodeLost = new Float64Array(zoneOf.length);
  const pairLost = new Float64Array(zones * zones);
  for (const { from, to, lost = 1 } of tally.losses) {
    nodeLost[from] = (nodeLost[from] ?? 0) + lost;
    nodeLost[to] = (nodeLost[to] ?? 0) + lost;
    const pair = (zoneOf[from] ?? 0) * zones + (zoneOf[to] ?? 0);
    pairLost[pair] = (pairLost[pair] ?? 0) + lost;
  }
  let best: Blame | undefined;
  const consider = (culprit: Culprit, { sent, lost }: { sent: number; lost: number }): void => {
    const evidence = evidenceOf(sent, lost, usualLoss);
    if (evidence > (best?.evidence ?? 0)) best = { ...culprit, loss: lost / sent, evidence };
  };
  // Where several explain the same, the narrowest does: a link before a node before a pair of zones.
  for (const link of tally.links.candidates)
    consider({ kind: 'link', from: link.from, to: link.to }, link);
  for (const [node, lost] of nodeLost.entries()) {
    if (lost === 0) continue;
    const [sentTo, sentFrom] = [tally.sentToZone, tally.sentFromZone].map((sent) =>
      sumOf(sent, node * zones, zones),
    );
    consider({ kind: 'node', node }, { sent: (sentTo ?? 0) + (sentFrom ?? 0), lost });
  }
  const pairSent = sentByPair(shape, tally.sentToZone);
  for (const [pair, lost] of pairLost.entries()) {
    const [from, to] = [Math.floor(pair / zones), pair % zones];
    consider({ kind: 'zones', from, to }, { sent: pairSent[pair] ?? 0, lost });
  }
  return best;
}

type Culprit =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'link' | 'zones'; readonly from: number; readonly to: number };

function sentByPair({ zoneOf, zones }: MeshShape, sentToZone: Float64Array): Float64Array {
  const sent = new Float64Array(zones * zones);
  for (let node = 0; node < zoneOf.length; node++)
    for (let zone = 0; zone < zones; zone++) {
      const pair = (zoneOf[node] ?? 0) * zones + zone;
      sent[pair] = (sent[pair] ?? 0) + (sentToZone[node * zones + zone] ?? 0);
    }
  return sent;
}

function explains(blame: Culprit, { from, to }: Loss, { zoneOf }: MeshShape): boolean {
  switch (blame.kind) {
    case 'node':
      return from === blame.node || to === blame.node;
    case 'link':
      return from === blame.from && to === blame.to;
    case 'zones':
      return zoneOf[from] === blame.from && zoneOf[to] === blame.to;
  }
}

/** The probes that a culprit accounts for are nobody's evidence any more. */
function takeAway(
  blame: Culprit,
  { zoneOf, zones }: MeshShape,
  { sentToZone, sentFromZone, links }: Left,
): void {
  switch (blame.kind) {
    case 'node':
      for (const sent of [sentToZone, sentFromZone])
        sent.fill(0, blame.node * zones, (blame.node + 1) * zones);
      return;
    case 'link': {
      const { from, to } = blame;
      const link = links.candidates.find((each) => each.from === from && each.to === to);
      lessen(sentToZone, from * zones + (zoneOf[to] ?? 0), link?.sent ?? 0);
      lessen(sentFromZone, to * zones + (zoneOf[from] ?? 0), link?.sent ?? 0);
      return;
    }
    case 'zones':
      for (let node = 0; node < zoneOf.length; node++) {
        if (zoneOf[node] === blame.from) sentToZone[node * zones + blame.to] = 0;
        if (zoneOf[node] === blame.to) sentFromZone[node * zones + blame.from] = 0;
      }
  }
}

function lessen(values: Float64Array, at: number, by: number): void {
  values[at] = Math.max(0, (values[at] ?? 0) - by);
}

function sumOf(values: Float64Array, from: number, many: number): number {
  let sum = 0;
  for (let index = from; index < from + many; index++) sum += values[index] ?? 0;
  return sum;
}
