// tsyringe, below @peculiar/x509, refuses to load without it.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralName,
  type JsonName,
} from '@peculiar/x509';
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 3600 * 1000;

/** A certificate and its key, as PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** From when to when a certificate is valid. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface Authority {
  readonly pair: Pair;
  /** A pair signed by this authority. */
  issue(request: CertificateRequest): Promise<Pair>;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** The Kubernetes group. */
  readonly organisation?: string;
  readonly usages: readonly ('server' | 'client')[];
  /** What a server is called. */
  readonly names?: readonly JsonGeneralName[];
  /** Default: a year from now. */
  readonly validity?: Validity;
}

/** An authority of its own, valid for ten years unless it says otherwise. */
export async function createAuthority(
  commonName: string,
  validity: Validity = lifetime(3650),
): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pair = { cert: certificate.toString('pem'), key: privatePem(keys) };
  return { pair, issue: (request) => issue(certificate, keys.privateKey, request) };
}

/** An authority that was made before. Throws where certificate or key are none. */
export function readAuthority(pair: Pair): Authority {
  const certificate = new X509Certificate(pair.cert);
  const key = createPrivateKey(pair.key).toCryptoKey(algorithm, false, ['sign']);
  return { pair, issue: (request) => issue(certificate, key, request) };
}

async function issue(
  authority: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  request: CertificateRequest,
): Promise<Pair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    ...(request.validity ?? lifetime(365)),
    serialNumber: serialNumber(),
    subject: subject(request.commonName, request.organisation),
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: await leafExtensions(authority, request),
  });
  return { cert: certificate.toString('pem'), key: privatePem(keys) };
}

async function leafExtensions(
  authority: X509Certificate,
  { usages, names = [] }: CertificateRequest,
): Promise<Extension[]> {
  const extended = usages.map((usage) =>
    usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
  );
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(extended),
    await AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension([...names])]),
  ];
}

/** A signing request as PEM, and its key. */
export async function createSigningRequest(
  commonName: string,
  organisation: string,
): Promise<{ readonly request: string; readonly key: string }> {
  const keys = await generateKeys();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subject(commonName, organisation),
    keys,
    signingAlgorithm: algorithm,
  });
  return { request: request.toString('pem'), key: privatePem(keys) };
}

/** Keys of the service account tokens, as PEM. */
export async function createTokenKeys(): Promise<{
  readonly publicKey: string;
  readonly privateKey: string;
}> {
  const keys = await generateKeys();
  const publicKey = KeyObject.from(keys.publicKey).export({ type: 'spki', format: 'pem' });
  return { publicKey: publicKey.toString(), privateKey: privatePem(keys) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function privatePem(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function subject(commonName: string, organisation?: string): JsonName {
  return [...(organisation === undefined ? [] : [{ O: [organisation] }]), { CN: [commonName] }];
}

/** From a minute ago, for clocks that differ. */
function lifetime(days: number): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + days * dayMs) };
}

/** 16 random bytes; the first bit is 0, so that the number is positive. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes.toString('hex');
}
