import { maxHeldBytes, type FuzzResult } from '../../test/unit/receivers/correlator/fuzz/fuzz.ts';
import { measured, type Figure } from '../figure.ts';
import type { FuzzRun } from './run.ts';

/** Correlator, mutations and the other codec in one process; the correlator alone has 150 MB. */
const maxRssBytes = 256 * 1024 * 1024;

/** What must hold of a run, and how much there was of what. */
export function fuzzFigures({ rounds, served, mostRssBytes }: FuzzRun, requests: number): Figure[] {
  const total = (key: keyof FuzzResult): number =>
    rounds.reduce((sum, round) => sum + round[key], 0);
  const most = (key: keyof FuzzResult): number => Math.max(...rounds.map((round) => round[key]));
  const survived = total('requests');
  const read = total('beyondEnvelope') / survived;
  const { taken, refused, tooLong } = served.answers;
  return [
    once('requests survived', '{request}', survived, { atLeast: requests }),
    once('read beyond the envelope', '1', read, { atLeast: 0.5 }),
    once('spans', '{span}', total('spans'), null),
    once('copies', '{span}', total('copies'), null),
    once('malformed spans and requests', '1', total('malformed'), { atLeast: 1 }),
    once('errors or spans not counted', '{request}', total('miscounted'), { atMost: 0 }),
    once('spans neither copied nor dropped', '{span}', total('lost'), { atMost: 0 }),
    once('held at most', 'By', most('mostHeldBytes'), { atMost: maxHeldBytes }),
    once('held at the end', 'By', most('stillHeldBytes'), { atMost: 0 }),
    once('memory at most', 'By', mostRssBytes, { atMost: maxRssBytes }),
    once('server: taken', '{request}', taken, { atLeast: 1 }),
    once('server: refused', '{request}', refused, { atLeast: 1 }),
    once('server: too long', '{request}', tooLong, { atLeast: 1 }),
    once('server: answered otherwise, or not', '{request}', served.misanswered, { atMost: 0 }),
    once('server: takes a sound one after', '1', Number(served.goodOneTaken), { atLeast: 1 }),
  ];
}

function once(figure: string, unit: string, value: number, goal: Figure['goal']): Figure {
  return { figure, unit, ours: measured([value]), peers: {}, goal };
}
