import { seen, type CollectorFacts, type Seen } from '../facts.ts';
import type { Deployed } from './deployed.ts';

/**
 * The parts of kube-latency that run: those that are deployed, with the agents of this machine in place of their DaemonSets,
 * of which they tell less. Where what is deployed cannot be seen, the agents alone.
 */
export function partsOf(
  deployed: Seen<Deployed>,
  agents: readonly CollectorFacts[],
): Seen<readonly CollectorFacts[]> {
  if (deployed.kind === 'hidden') return agents.length > 0 ? seen(agents) : deployed;
  const { daemonSets, others } = deployed.value;
  const without =
    agents.length > 0 ? daemonSets.filter(({ counters }) => counters === null) : daemonSets;
  return seen([...agents, ...without, ...others]);
}
