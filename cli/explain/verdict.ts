import { humanDuration } from '../terminal/duration.ts';
import type { Cause, Certainty, Piece } from './cause.ts';
import type { StartUp } from './start-up.ts';
import { joinEqual, sumNs } from './steps.ts';

/** The largest cause, and the sentence that names it. */
export interface Verdict {
  readonly cause: Cause;
  /** The image, webhook, container or plugin that it is about; empty where the cause says it all. */
  readonly subject: string;
  readonly node: string | null;
  readonly ns: bigint;
  /** How most of that time is known. */
  readonly certainty: Certainty;
  readonly evidence: readonly string[];
  readonly sentence: string;
}

const most = 0.5;
const nearlyAll = 0.9;

/** Judges by the cause that took longest in all. */
export function verdictOf(pieces: readonly Piece[], startUp: StartUp): Verdict {
  const totalNs = startUp.toNs - startUp.fromNs;
  const byCause = Map.groupBy(pieces, ({ cause }) => cause);
  const [cause, own] = largest(byCause) ?? ['unaccounted', []];
  const ns = sumNs(own);
  const subject = mostly(own, (piece) => piece.subject) ?? '';
  const node = mostly(own, (piece) => piece.node) ?? null;
  const about = own.filter((piece) => subject === '' || piece.subject === subject);
  const evidence = distinct(joinEqual(about).flatMap((piece) => piece.evidence));
  const what = shared(cause, subject, own);
  const where = node === null || nowhere.has(cause) ? '' : ` on node ${node}`;
  const sentence = `${ofTotal(ns, totalNs)}: ${what}${where}${outcome(startUp)}`;
  const certainty = mostly(own, (piece) => piece.certainty) ?? 'inferred';
  return { cause, subject, node, ns, certainty, evidence, sentence };
}

const maxEvidence = 4;

/** Without what another one says as well. */
function distinct(evidence: readonly string[]): string[] {
  const unique = [...new Set(evidence)];
  return unique
    .filter((one) => !unique.some((other) => other !== one && other.includes(one)))
    .slice(0, maxEvidence);
}

/** Causes for which a node says nothing. */
const nowhere: ReadonlySet<Cause> = new Set([
  'api-server',
  'webhook',
  'etcd',
  'scheduling',
  'unaccounted',
]);

function largest(byCause: ReadonlyMap<Cause, readonly Piece[]>) {
  return [...byCause].toSorted(([, a], [, b]) => Number(sumNs(b) - sumNs(a)))[0];
}

/** The value that holds for more than half of the time. */
function mostly<T>(pieces: readonly Piece[], of: (piece: Piece) => T): T | undefined {
  const total = Number(sumNs(pieces));
  const [first] = [...Map.groupBy(pieces, of)].filter(
    ([, own]) => Number(sumNs(own)) > total * most,
  );
  return first?.[0];
}

/** `6.1 of 9.2 s`; units only once where they are the same. */
function ofTotal(ns: bigint, totalNs: bigint): string {
  const [part, whole] = [humanDuration(ns), humanDuration(totalNs)];
  const [amount = '', unit] = part.split(' ');
  const same = part.split(' ').length === 2 && whole.endsWith(` ${unit}`);
  return `${same ? amount : part} of ${whole}`;
}

/** A cause of which the subject is nearly all is named by it, else it is told how much of it that is. */
function shared(cause: Cause, subject: string, own: readonly Piece[]): string {
  const ownNs = sumNs(own.filter((piece) => piece.subject === subject));
  if (subject === '' || Number(ownNs) >= Number(sumNs(own)) * nearlyAll) {
    return phrase(cause, subject, own);
  }
  return `${phrase(cause, '', own)}, ${humanDuration(ownNs)} of it ${subject}`;
}

function phrase(cause: Cause, subject: string, own: readonly Piece[]): string {
  const named = (words: string, several = `${words}s`): string =>
    subject === '' ? several : `${words} ${subject}`;
  switch (cause) {
    case 'api-server':
      return `API server ${longestWhat(own)}`;
    case 'webhook':
      return named('admission webhook');
    case 'etcd':
      return 'etcd, which the API server waits for';
    case 'scheduling':
      return own.some(({ evidence }) => evidence.length > 0)
        ? 'no node fits the pod'
        : 'the scheduler chooses a node';
    case 'kubelet':
      return `kubelet ${longestWhat(own)}`;
    case 'volumes':
      return 'volumes of the pod';
    case 'sandbox':
      return 'making the sandbox';
    case 'network-plugin':
      return named('network plugin (CNI)', 'network plugin (CNI)');
    case 'image': {
      const waits = longestWhat(own).startsWith('waits');
      return waits ? `missing ${named('image')}` : named('pull of image');
    }
    case 'init-container':
      return named('init container');
    case 'container-config':
      return named('what is missing to make container');
    case 'container-start':
      return named('creating and starting container');
    case 'crash':
      return named('restarts of container');
    case 'readiness':
      return named('readiness of container');
    case 'other':
      return longestWhat(own);
    case 'unaccounted':
      return longestWhat(own);
  }
}

function longestWhat(own: readonly Piece[]): string {
  const byWhat = Map.groupBy(own, ({ what }) => what);
  const [longest] = [...byWhat].toSorted(([, a], [, b]) => Number(sumNs(b) - sumNs(a)));
  return longest?.[0] ?? '';
}

function outcome({ failure }: StartUp): string {
  return failure === null ? '' : '; the pod did not become Ready';
}
