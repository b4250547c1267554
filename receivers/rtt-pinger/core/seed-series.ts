import { nodeDelayText } from '../../shared/mesh/node-delay.ts';
import type { Pair } from './pair.ts';
import { seedBounds, type SeedHistogram } from './seed-histogram.ts';
import { networkType, type Protocol } from './target.ts';
import { header, labelText, type TextFormat } from '../../shared/metrics/text-format.ts';

/** Which round trips are told, from where. */
export interface DelayRules {
  readonly from: string;
  /** Of successes since then, by the monotonic clock. */
  readonly sinceMs: number;
  /** Preferred ones first. */
  readonly protocols: readonly Protocol[];
}

interface Best {
  readonly rank: number;
  readonly ms: number;
}

/**
 * `latency_between_nodes` and `delay`, in milliseconds: the last round trip to each node by the first protocol that has one; a
 * pair whose last success is too old has none. While it chooses it yields nothing, so that others have their turn.
 */
export function* ownDelayText(
  pairs: Iterable<Pair>,
  rules: DelayRules,
  format: TextFormat,
): Generator<string> {
  const best = new Map<string, Best>();
  for (const pair of pairs) {
    keepBest(best, pair, rules);
    yield '';
  }
  const { from } = rules;
  yield* nodeDelayText(
    [...best].map(([to, { ms }]) => ({ from, to, ms })),
    format,
  );
}

function keepBest(best: Map<string, Best>, pair: Pair, rules: DelayRules): void {
  const { peer, protocol, lastRttNs, lastOkMs } = pair;
  const { node, pod, name } = peer;
  const unplaced = pod !== '' && node === '';
  if (unplaced || lastRttNs === undefined || lastOkMs < rules.sinceMs) return;
  const to = node === '' ? name : node;
  // IPv4 before IPv6 where a node has both.
  const family = networkType(peer) === 'ipv6' ? 0.5 : 0;
  // A pod stands in for its node where the node is no peer itself.
  const standIn = pod === '' ? 0 : rules.protocols.length;
  const rank = rules.protocols.indexOf(protocol) + family + standIn;
  const known = best.get(to);
  if (known === undefined || rank < known.rank) best.set(to, { rank, ms: lastRttNs / 1e6 });
}

const interpod = 'netprober_interpod_latency_s';
const interpodHelp = 'Histogram of inter-Pod HTTP probe latencies';

/**
 * The network prober's histogram of each pair by HTTP, in seconds; of peers of one name at one address together. While it gathers
 * them it yields nothing, so that others have their turn.
 */
export function* interpodText(pairs: Iterable<Pair>, format: TextFormat): Generator<string> {
  const byLabels = new Map<string, SeedHistogram>();
  for (const { peer, seedHistogram } of pairs) {
    yield '';
    if (seedHistogram === undefined) continue;
    const labels = { dest_pod_name: peer.name, dest_ip: peer.address };
    const text = labelText(labels).slice(1, -1);
    const known = byLabels.get(text);
    byLabels.set(text, known === undefined ? seedHistogram : sumOf(known, seedHistogram));
  }
  if (byLabels.size > 0) yield header(interpod, 'histogram', interpodHelp);
  for (const [labels, histogram] of byLabels) yield interpodPair(labels, histogram, format);
}

function sumOf(one: SeedHistogram, other: SeedHistogram): SeedHistogram {
  const counts = one.counts.map((count, index) => count + (other.counts[index] ?? 0));
  return { counts, sum: one.sum + other.sum };
}

function interpodPair(labels: string, { counts, sum }: SeedHistogram, format: TextFormat): string {
  let below = 0;
  let text = '';
  for (const [index, bound] of seedBounds.entries()) {
    below += counts[index] ?? 0;
    text += `${interpod}_bucket{${labels},le="${format.bound(bound)}"} ${below}\n`;
  }
  const all = below + (counts[seedBounds.length] ?? 0);
  return `${text}${interpod}_bucket{${labels},le="+Inf"} ${all}\n${interpod}_sum{${labels}} ${sum}\n${interpod}_count{${labels}} ${all}\n`;
}
