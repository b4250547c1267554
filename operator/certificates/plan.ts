/** When a certificate was made and when it ends, in milliseconds since the Unix epoch. */
export interface Lifetime {
  readonly madeMs: number;
  readonly endsMs: number;
}

/** What there is by now. */
export interface CertificateFacts {
  /** Oldest first; some at least. */
  readonly authorities: readonly Lifetime[];
  readonly serving: Lifetime & {
    /** Index of the authority that signed it; -1: none of them. */
    readonly signedBy: number;
    /** It is for the names that the API server calls. */
    readonly fits: boolean;
  };
}

export type CertificateStep =
  /** Nothing of what is there can be used. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'add-authority' }
  | { readonly kind: 'issue'; readonly by: number }
  /** Forgets so many of the oldest authorities. */
  | { readonly kind: 'drop'; readonly count: number }
  /** All is well; to be looked at again by then. */
  | { readonly kind: 'keep'; readonly untilMs: number };

const dayMs = 24 * 3600 * 1000;

export const authorityLifeMs = 730 * dayMs;
export const servingLifeMs = 60 * dayMs;

/** By then every API server knows a new authority, and every replica serves a new certificate. */
export const settleMs = 10 * 60_000;

/** A certificate is replaced when this share of its life is over. */
const usedShare = 2 / 3;

/**
 * What is to be done next. A new authority is told of first, signs when it is known, and the old one is forgotten when nobody serves what it signed: at no time is
 * a certificate served whose authority is not known.
 */
export function nextStep(facts: CertificateFacts | undefined, nowMs: number): CertificateStep {
  if (facts === undefined) return { kind: 'begin' };
  const { authorities, serving } = facts;
  const newest = authorities.at(-1);
  if (newest === undefined || newest.endsMs <= nowMs) return { kind: 'begin' };
  const by = signerOf(authorities, nowMs);
  const isSound = serving.signedBy >= 0 && serving.fits && renewalMs(serving) > nowMs;
  if (!isSound || serving.signedBy < by) return { kind: 'issue', by };
  if (renewalMs(newest) <= nowMs) return { kind: 'add-authority' };
  const isSettled = serving.madeMs + settleMs <= nowMs;
  if (isSettled && serving.signedBy > 0) return { kind: 'drop', count: serving.signedBy };
  const pending = [newest.madeMs + settleMs, serving.madeMs + settleMs].filter((ms) => ms > nowMs);
  return { kind: 'keep', untilMs: Math.min(renewalMs(serving), renewalMs(newest), ...pending) };
}

/** The newest one that is known to all; while there is none, the oldest that has not ended. */
function signerOf(authorities: readonly Lifetime[], nowMs: number): number {
  const lasts = ({ endsMs }: Lifetime): boolean => endsMs > nowMs;
  const settled = authorities.findLastIndex(
    (each) => lasts(each) && each.madeMs + settleMs <= nowMs,
  );
  return settled >= 0 ? settled : authorities.findIndex(lasts);
}

function renewalMs({ madeMs, endsMs }: Lifetime): number {
  return madeMs + (endsMs - madeMs) * usedShare;
}
