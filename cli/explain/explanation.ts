import type { Trace } from '../trace/model.ts';
import type { Cause, Certainty, Piece } from './cause.ts';
import { criticalPath } from '../../receivers/shared/critical-path.ts';
import { evidenceOf } from './evidence.ts';
import { gapPieces } from './gaps.ts';
import { measuredFinding, type Known } from './measured.ts';
import type { Phase } from './boundaries.ts';
import { findStartUp, type Pod, type StartUp } from './start-up.ts';
import { joinEqual, nameUnaccounted, stepsOf, sumNs, type Step } from './steps.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** The time of one cause over the whole start. */
export interface CauseTime {
  readonly cause: Cause;
  readonly ns: bigint;
}

/** Time by how it is known. */
export type Certainties = Readonly<Record<Certainty, bigint>>;

/** Where the time of a pod's start went. */
export interface Explanation {
  readonly traceId: string;
  readonly pod: Pod;
  readonly toldBy: StartUp['toldBy'];
  /** Null: the pod became Ready. */
  readonly failure: string | null;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly uncertaintySeconds: number;
  readonly verdict: Verdict;
  /** The largest first; their sum is the whole time. */
  readonly causes: readonly CauseTime[];
  readonly certainties: Certainties;
  /** In order of time, touching each other; their sum is the whole time. */
  readonly steps: readonly Step[];
  /** What the phases' own spans say, to compare with other probes. */
  readonly phases: Readonly<Partial<Record<Phase, bigint>>>;
}

export type Explained =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** The trace does not tell the start of a pod. */
  | { readonly kind: 'impossible'; readonly problem: string };

/** Explains the start of the pod that a trace is about, from nothing but what the trace holds. */
export function explain(trace: Trace): Explained {
  const evidence = evidenceOf(trace.spans);
  const found = findStartUp(trace, evidence);
  if (found.kind === 'none') return { kind: 'impossible', problem: found.problem };
  const { startUp } = found;
  const pieces = nameUnaccounted(joinEqual(piecesOf({ startUp, evidence })));
  const causes = causeTimes(pieces);
  const { pod, toldBy, failure, fromNs, toNs, uncertaintySeconds } = startUp;
  const explanation = {
    traceId: trace.traceId,
    pod,
    toldBy,
    failure,
    fromNs,
    toNs,
    uncertaintySeconds,
    verdict: verdictOf(pieces, startUp),
    causes,
    certainties: {
      span: knownBy(pieces, 'span'),
      inferred: knownBy(pieces, 'inferred'),
      none: knownBy(pieces, 'none'),
    },
    steps: stepsOf(pieces),
    phases: phaseTimes(startUp),
  };
  return { kind: 'explained', explanation };
}

function piecesOf(known: Known): Piece[] {
  const { works, fromNs, toNs } = known.startUp;
  return criticalPath(works, fromNs, toNs).flatMap((stretch): Piece[] => {
    const { work } = stretch;
    if (work === undefined) return gapPieces(stretch, known);
    const finding = measuredFinding(work, stretch.fromNs, known);
    const { fromNs: beginNs, toNs: endNs } = stretch;
    return [{ ...finding, fromNs: beginNs, toNs: endNs, spanId: work.span.spanId }];
  });
}

function knownBy(pieces: readonly Piece[], certainty: Certainty): bigint {
  return sumNs(pieces.filter((piece) => piece.certainty === certainty));
}

function causeTimes(pieces: readonly Piece[]): CauseTime[] {
  const byCause = Map.groupBy(pieces, ({ cause }) => cause);
  return [...byCause]
    .map(([cause, own]) => ({ cause, ns: sumNs(own) }))
    .toSorted((a, b) => Number(b.ns - a.ns));
}

/** The correlator hears of phases late: of a pod that it tells of, the times between the boundaries are better. */
function phaseTimes({ phaseSpans, toldBy, ...ends }: StartUp): Explanation['phases'] {
  const { createdNs, scheduledNs, startedNs, toNs, failure } = ends;
  if (toldBy === 'correlator') {
    return {
      ...(scheduledNs === null ? {} : { schedule: scheduledNs - createdNs }),
      ...(scheduledNs === null || startedNs === null ? {} : { start: startedNs - scheduledNs }),
      ...(startedNs === null || failure !== null ? {} : { ready: toNs - startedNs }),
    };
  }
  const completed = Object.entries(phaseSpans).filter(([, span]) => span.status.code !== 'error');
  return Object.fromEntries(
    completed.map(([phase, span]) => [
      phase,
      BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano),
    ]),
  );
}
