import type { MeshChoice } from '../../receivers/rtt-pinger/core/topology/choice.ts';
import { planRound } from '../../receivers/rtt-pinger/core/topology/plan.ts';
import {
  createSuspicion,
  restRoundsOf,
  suspicionRules,
} from '../../receivers/rtt-pinger/core/topology/suspicion.ts';
import type { MeshPlace, TallyReport } from '../../receivers/shared/mesh/tally-report.ts';

/** The plan, the suspicion and the tally of one node, without sockets and without 5,000 targets of its own. */
export interface SimulatedPinger {
  /** Sends the probes of a round, and gives how many. What is lost is settled in the next round, when it has timed out. */
  readonly round: (number: number) => number;
  /** Ends a stretch of that number; `report` has it from then on. */
  readonly endStretch: (number: number) => void;
  /** What it tells of the last stretch that has ended. */
  readonly report: () => TallyReport;
}

export interface PingerOptions {
  /** Its place in the ring. */
  readonly at: number;
  readonly places: readonly MeshPlace[];
  readonly zones: number;
  readonly choice: Extract<MeshChoice, { kind: 'bounded' }>;
  readonly isLost: (from: number, to: number) => boolean;
}

type Stretch = TallyReport['stretches'][number];

/** Of each round trip: what they take is not judged. */
const tookS = 2e-4;

export function createSimulatedPinger(options: PingerOptions): SimulatedPinger {
  const { at, places, zones, choice, isLost } = options;
  const { plan, suspects: perRound, roundMs } = choice;
  const suspicion = createSuspicion<number>(suspicionRules);
  const ring = { size: places.length, zones };
  const rules = { perRound, restRounds: restRoundsOf(roundMs) };
  let timingOut: number[] = [];
  let sent = new Map<number, number>();
  let lost = new Map<number, number>();
  let stretch: Stretch = { number: 0, rows: [] };
  let destinations: number[] = [];

  function settle(to: number, wasLost: boolean): void {
    sent.set(to, (sent.get(to) ?? 0) + 1);
    if (wasLost) lost.set(to, (lost.get(to) ?? 0) + 1);
    suspicion.note(to, wasLost);
  }

  return {
    round: (number) => {
      const again = suspicion.round(rules);
      const { steady, sweep } = planRound(at, ring, { rules: plan, round: number });
      const before = timingOut;
      timingOut = [];
      for (const list of [steady, sweep, again])
        for (const to of list)
          if (isLost(at, to)) timingOut.push(to);
          else settle(to, false);
      for (const to of before) settle(to, true);
      return steady.length + sweep.length + again.length;
    },
    endStretch: (number) => {
      destinations = [...sent.keys()];
      const rows = destinations.map((to, index): Stretch['rows'][number] => {
        const [all, gone] = [sent.get(to) ?? 0, lost.get(to) ?? 0];
        const timed = all - gone;
        const took = timed === 0 ? null : tookS;
        return [index, all, gone, timed, timed * tookS, took, took, took];
      });
      stretch = { number, rows };
      [sent, lost] = [new Map(), new Map()];
    },
    report: () => {
      const convicted = suspicion.convicted().map(({ key }) => key);
      const all = [...new Set([...destinations, ...convicted])];
      return {
        version: 1,
        protocol: 'icmp',
        source: placeAt(places, at),
        full: false,
        intervalMs: roundMs,
        destinations: all.map((to) => placeAt(places, to)),
        stretches: [stretch],
        convicted: convicted.map((to) => all.indexOf(to)),
      };
    },
  };
}

function placeAt(places: readonly MeshPlace[], at: number): MeshPlace {
  const place = places[at];
  if (place === undefined)
    throw new RangeError(`expected a place below ${places.length}, got ${at}`);
  return place;
}
