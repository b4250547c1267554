import { header, labelText } from '../../shared/metrics/exposition.ts';
import type { NodeDelay } from '../../shared/mesh/node-delay.ts';
import type { Pair } from './pair.ts';
import { seedBounds, type SeedHistogram } from './seed-histogram.ts';
import type { Protocol } from './target.ts';

/** The last round trip to each node by the first protocol that has one; a pair whose last success is too old has none. */
export function nodeDelays(
  pairs: Iterable<Pair>,
  from: string,
  fresh: { readonly sinceMs: number; readonly protocols: readonly Protocol[] },
): readonly NodeDelay[] {
  const best = new Map<string, { readonly rank: number; readonly ms: number }>();
  for (const { target, lastRttNs, lastOkMs } of pairs) {
    const { node, pod, name } = target.peer;
    const unplaced = pod !== '' && node === '';
    if (unplaced || lastRttNs === undefined || lastOkMs < fresh.sinceMs) continue;
    const to = node === '' ? name : node;
    // IPv4 before IPv6 where a node has both.
    const family = target.peer.address.includes(':') ? 0.5 : 0;
    // A pod stands in for its node where the node is no peer itself.
    const standIn = pod === '' ? 0 : fresh.protocols.length;
    const rank = fresh.protocols.indexOf(target.protocol) + family + standIn;
    const known = best.get(to);
    if (known === undefined || rank < known.rank) best.set(to, { rank, ms: lastRttNs / 1e6 });
  }
  return [...best].map(([to, { ms }]) => ({ from, to, ms }));
}

const interpod = 'netprober_interpod_latency_s';

/** The network prober's histogram of each pair by HTTP, in seconds. */
export function* interpodText(pairs: Iterable<Pair>): Generator<string> {
  let begun = false;
  for (const { target, seedHistogram } of pairs) {
    if (seedHistogram === undefined) continue;
    if (!begun) yield header(interpod, 'histogram', 'Histogram of inter-Pod HTTP probe latencies');
    begun = true;
    const labels = { dest_pod_name: target.peer.name, dest_ip: target.peer.address };
    yield interpodPair(labelText(labels).slice(1, -1), seedHistogram);
  }
}

function interpodPair(labels: string, { counts, sum }: SeedHistogram): string {
  let below = 0;
  let text = '';
  for (const [index, bound] of seedBounds.entries()) {
    below += counts[index] ?? 0;
    text += `${interpod}_bucket{${labels},le="${bound}"} ${below}\n`;
  }
  const all = below + (counts[seedBounds.length] ?? 0);
  return `${text}${interpod}_bucket{${labels},le="+Inf"} ${all}\n${interpod}_sum{${labels}} ${sum}\n${interpod}_count{${labels}} ${all}\n`;
}
