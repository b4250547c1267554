import type { AdmissionFuzzResult } from '../../test/unit/operator/webhook/fuzz/fuzz.ts';
import { measured, type Figure } from '../figure.ts';
import type { AdmissionFuzzRun } from './run.ts';

/** Until the API server goes on without an answer, in milliseconds. */
const patienceMs = 2000;

/** What must hold of a run, and how much there was of what. */
export function admissionFigures(
  { rounds, served }: AdmissionFuzzRun,
  asked: { readonly requests: number; readonly served: number },
): Figure[] {
  const total = (key: keyof AdmissionFuzzResult): number =>
    rounds.reduce((sum, round) => sum + round[key], 0);
  const requests = total('requests');
  const longestMs = Math.max(...rounds.map((round) => round.longestMs));
  return [
    once('requests answered, each allowed', '{request}', requests, { atLeast: asked.requests }),
    once('injected, with a patch that applies', '1', total('injected') / requests, {
      atLeast: 0.2,
    }),
    once('left as they are', '1', total('left') / requests, { atLeast: 0.2 }),
    once('not readable', '1', total('unreadable') / requests, { atLeast: 0.1 }),
    once('answers to another uid', '{request}', total('otherUid'), { atMost: 0 }),
    once('the operator at fault', '{request}', total('failed'), { atMost: 0 }),
    once('longest', 'ms', longestMs, { atMost: patienceMs }),
    once('server: answered', '{request}', served.answered, { atLeast: asked.served }),
    once('server: answered otherwise, or not', '{request}', served.misanswered, { atMost: 0 }),
    once('server: answers not counted', '{request}', served.answered - served.counted, {
      atMost: 0,
    }),
    once('server: longest', 'ms', served.longestMs, { atMost: patienceMs }),
    once('server: injects a sound one after', '1', Number(served.soundOneInjected), { atLeast: 1 }),
  ];
}

function once(figure: string, unit: string, value: number, goal: Figure['goal']): Figure {
  return { figure, unit, ours: measured([value]), peers: {}, goal };
}
