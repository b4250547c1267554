import { createPrivateKey, X509Certificate } from 'node:crypto';

import * as z from 'zod';

import type { Pair } from '../../receivers/shared/certificates.ts';
import type { CertificateSet } from './certificate-set.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64').toString());

const secretSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.object({
    'tls.crt': base64,
    'tls.key': base64,
    'ca.crt': base64,
    'ca.key': base64.optional(),
  }),
});

/** What a replica needs of the Secret, whoever made it. */
export interface Served {
  readonly pair: Pair;
  /** PEM of every authority that signed what is served, or will. */
  readonly caBundle: string;
  /** Milliseconds since the Unix epoch. */
  readonly endsMs: number;
}

/** Undefined: it has not what a server needs, `tls.crt`, `tls.key` of it, and `ca.crt`. */
export function readServed(secret: unknown): Served | undefined {
  const { success, data } = secretSchema.safeParse(secret);
  if (!success) return undefined;
  const { 'tls.crt': cert, 'tls.key': key, 'ca.crt': caBundle } = data.data;
  const endsMs = endOf({ cert, key });
  return endsMs === undefined ? undefined : { pair: { cert, key }, caBundle, endsMs };
}

function endOf({ cert, key }: Pair): number | undefined {
  try {
    const certificate = new X509Certificate(cert);
    const fits = certificate.checkPrivateKey(createPrivateKey(key));
    return fits ? certificate.validToDate.getTime() : undefined;
  } catch {
    // Whoever writes it may be halfway; what is served meanwhile stays.
    return undefined;
  }
}

/** Undefined: it is none of ours, or broken. */
export function readSet(secret: unknown): CertificateSet | undefined {
  const { success, data } = secretSchema.safeParse(secret);
  if (!success) return undefined;
  const { 'tls.crt': cert, 'tls.key': key, 'ca.crt': certs, 'ca.key': keys = '' } = data.data;
  const [authorities, authorityKeys] = [pemsIn(certs), pemsIn(keys)];
  if (authorities.length !== authorityKeys.length) return undefined;
  return {
    authorities: authorities.map((each, index) => ({
      cert: each,
      key: authorityKeys[index] ?? '',
    })),
    serving: { cert, key },
  };
}

/** The data of a Secret. */
export function secretData({ authorities, serving }: CertificateSet): Record<string, string> {
  const texts = {
    'ca.crt': authorities.map(({ cert }) => line(cert)).join(''),
    'ca.key': authorities.map(({ key }) => line(key)).join(''),
    'tls.crt': serving.cert,
    'tls.key': serving.key,
  };
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
}

function line(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`;
}

function pemsIn(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g) ?? [];
}
