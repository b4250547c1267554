import { X509Certificate, createPrivateKey } from 'node:crypto';

import type { Pair, Validity } from '../../receivers/shared/certificates.ts';
import {
  authorityLifeMs,
  servingLifeMs,
  type CertificateFacts,
  type CertificateStep,
  type Lifetime,
} from './plan.ts';

/** How the API server calls the webhook. */
export type ServerName = { readonly type: 'dns' | 'ip'; readonly value: string };

export interface CertificateSet {
  /** Oldest first. */
  readonly authorities: readonly Pair[];
  readonly serving: Pair;
}

/** For clocks that differ. */
const backdateMs = 60_000;

/** Undefined: something in it is no certificate, or no key of it. */
export function factsOf(
  { authorities, serving }: CertificateSet,
  names: readonly ServerName[],
): CertificateFacts | undefined {
  try {
    if (authorities.length === 0) return undefined;
    const signers = authorities.map(readPair);
    const certificate = readPair(serving);
    return {
      authorities: signers.map(lifetimeOf),
      serving: {
        ...lifetimeOf(certificate),
        signedBy: signers.findIndex(
          (signer) => certificate.checkIssued(signer) && certificate.verify(signer.publicKey),
        ),
        fits: names.every(({ type, value }) =>
          type === 'ip' ? certificate.checkIP(value) : certificate.checkHost(value),
        ),
      },
    };
  } catch {
    // What cannot be read is made anew, whatever it is.
    return undefined;
  }
}

function readPair({ cert, key }: Pair): X509Certificate {
  const certificate = new X509Certificate(cert);
  if (!certificate.checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key is not of the certificate');
  return certificate;
}

function lifetimeOf({ validFromDate, validToDate }: X509Certificate): Lifetime {
  return { madeMs: validFromDate.getTime() + backdateMs, endsMs: validToDate.getTime() };
}

/** The set as it is after a step. */
export async function carryOut(
  step: Exclude<CertificateStep, { kind: 'keep' }>,
  set: CertificateSet | undefined,
  { names, nowMs }: { readonly names: readonly ServerName[]; readonly nowMs: number },
): Promise<CertificateSet> {
  if (set === undefined || step.kind === 'begin') {
    const authority = await newAuthority(nowMs);
    return { authorities: [authority], serving: await issue(authority, names, nowMs) };
  }
  const { authorities, serving } = set;
  switch (step.kind) {
    case 'add-authority':
      return { authorities: [...authorities, await newAuthority(nowMs)], serving };
    case 'issue':
      return { authorities, serving: await issue(authorities[step.by], names, nowMs) };
    case 'drop':
      return { authorities: authorities.slice(step.count), serving };
  }
}

async function newAuthority(nowMs: number): Promise<Pair> {
  // Named by its time: two of one name are taken for one by whoever verifies.
  const name = `kube-latency-operator ${new Date(nowMs).toISOString()}`;
  // It takes 20 MB, and is needed some times a year.
  const { createAuthority } = await import('../../receivers/shared/certificates.ts');
  return (await createAuthority(name, validity(nowMs, authorityLifeMs))).pair;
}

async function issue(
  authority: Pair | undefined,
  names: readonly ServerName[],
  nowMs: number,
): Promise<Pair> {
  if (authority === undefined) throw new Error('expected the authority of a step to be there');
  const { readAuthority } = await import('../../receivers/shared/certificates.ts');
  return readAuthority(authority).issue({
    commonName: 'kube-latency-operator',
    usages: ['server'],
    names,
    validity: validity(nowMs, servingLifeMs),
  });
}

function validity(nowMs: number, lifeMs: number): Validity {
  return { notBefore: new Date(nowMs - backdateMs), notAfter: new Date(nowMs + lifeMs) };
}
