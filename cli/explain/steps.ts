import { humanDuration } from '../terminal/duration.ts';
import type { Cause, Certainty, Piece } from './cause.ts';

/** One line of the explanation: a stretch of the critical path, or several short ones together. */
export interface Step extends Omit<Piece, 'cause'> {
  /** `several`: short stretches that follow each other and have different causes. */
  readonly cause: Cause | 'several';
  /** How many stretches were put together because they are short; 1: none. */
  readonly parts: number;
}

/** Shorter stretches are put together with their neighbours of the same kind. */
const shortShare = 0.01;

/**
 * Puts runs of short stretches together; one that interrupts a longer step is taken into it. The steps touch each other
 * and cover the same time as the stretches.
 */
export function stepsOf(pieces: readonly Piece[]): Step[] {
  const leastNs = Number(sumNs(pieces)) * shortShare;
  const steps: Step[] = [];
  let run: Piece[] = [];
  for (const piece of pieces) {
    if (Number(lengthNs(piece)) < leastNs) {
      run.push(piece);
      continue;
    }
    const last = steps.at(-1);
    if (last !== undefined && isSame(last, piece)) {
      const evidence = [...new Set([...last.evidence, ...piece.evidence])];
      const parts = last.parts + run.length + 1;
      steps[steps.length - 1] = { ...last, toNs: piece.toNs, evidence, parts };
    } else {
      steps.push(...together(run), { ...piece, parts: 1 });
    }
    run = [];
  }
  return [...steps, ...together(run)];
}

/** Joins stretches that touch and were spent on the same. */
export function joinEqual(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && isSame(last, piece)) {
      const evidence = [...new Set([...last.evidence, ...piece.evidence])];
      const spanId = lengthNs(piece) > lengthNs(last) ? piece.spanId : last.spanId;
      joined[joined.length - 1] = { ...last, toNs: piece.toNs, evidence, spanId };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

function isSame(one: Step | Piece, other: Piece): boolean {
  return (
    one.cause === other.cause &&
    one.component === other.component &&
    one.what === other.what &&
    one.node === other.node &&
    one.certainty === other.certainty
  );
}

/** Names the neighbours of stretches that nothing accounts for. */
export function nameUnaccounted(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.cause !== 'unaccounted') return piece;
    const name = (at: Piece | undefined, edge: string): string =>
      at === undefined ? edge : `"${at.component} ${at.what}"`;
    const before = name(pieces[index - 1], 'the beginning');
    const after = name(pieces[index + 1], 'the end');
    return { ...piece, what: `no span accounts for it, between ${before} and ${after}` };
  });
}

export function sumNs(pieces: readonly Pick<Piece, 'fromNs' | 'toNs'>[]): bigint {
  return pieces.reduce((sum, piece) => sum + lengthNs(piece), 0n);
}

export function lengthNs({ fromNs, toNs }: Pick<Piece, 'fromNs' | 'toNs'>): bigint {
  return toNs - fromNs;
}

/** How most of the time is known. */
function prevailing(run: readonly Piece[]): Certainty {
  const [most] = [...Map.groupBy(run, ({ certainty }) => certainty)].toSorted(([, a], [, b]) =>
    Number(sumNs(b) - sumNs(a)),
  );
  return most?.[0] ?? 'none';
}

/** One step of a run of short stretches; none of no stretch. */
function together(run: readonly Piece[]): Step[] {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return [];
  if (run.length === 1) return [{ ...first, parts: 1 }];
  const same = <T>(of: (piece: Piece) => T): T | undefined =>
    run.every((piece) => of(piece) === of(first)) ? of(first) : undefined;
  const components = [...new Set(run.map(({ component }) => component))].filter(
    (each) => each !== '',
  );
  return [
    {
      cause: same(({ cause }) => cause) ?? 'several',
      component: components.length === 1 ? (components[0] ?? '') : 'several',
      what: `${run.length} short steps${namesOf(components)}${unaccountedIn(run)}`,
      subject: '',
      node: same(({ node }) => node) ?? null,
      certainty: prevailing(run),
      evidence: [],
      fromNs: first.fromNs,
      toNs: last.toNs,
      spanId: null,
      parts: run.length,
    },
  ];
}

function namesOf(components: readonly string[]): string {
  return components.length > 1 ? ` of ${components.join(', ')}` : '';
}

function unaccountedIn(run: readonly Piece[]): string {
  const ns = sumNs(run.filter(({ certainty }) => certainty === 'none'));
  return ns === 0n ? '' : `; no span accounts for ${humanDuration(ns)} of it`;
}
