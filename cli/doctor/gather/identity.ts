import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  seen,
  type Certificate,
  type ProberFacts,
  type Right,
  type RightAnswer,
  type Seen,
} from '../facts.ts';
import { probeRights } from '../checks/rights.ts';
import { ask, type Asker } from './ask.ts';

const reviewSchema = z.object({
  status: z.object({
    userInfo: z.object({ username: z.string(), groups: z.array(z.string()).optional() }),
  }),
});

const accessSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Who runs probes, and what the API server says of them. */
export async function readProber(
  asker: Asker,
  about: { readonly origin: string; readonly namespace: string },
): Promise<ProberFacts> {
  const [user, rights] = await Promise.all([
    readUser(asker),
    Promise.all(probeRights(about.namespace).map((right) => mayI(asker, right))),
  ]);
  return { ...about, user, rights, certificate: parseCertificate(asker.client.certificate()) };
}

async function readUser(asker: Asker): Promise<ProberFacts['user']> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const review = await ask(asker, { verb: 'create', path, body }, reviewSchema);
  if (review.kind === 'hidden') return review;
  const { username, groups = [] } = review.value.status.userInfo;
  return seen({ name: username, groups });
}

async function mayI(asker: Asker, right: Right): Promise<RightAnswer> {
  const review = {
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributes(right) },
  };
  return { ...right, allowed: await askAccess(asker, 'selfsubjectaccessreviews', review) };
}

/** Whether somebody else may do something, where we may ask that. */
export async function mayUser(
  asker: Asker,
  right: Right,
  who: { readonly user: string; readonly groups: readonly string[] },
): Promise<RightAnswer> {
  const spec = { ...who, resourceAttributes: attributes(right) };
  const review = { kind: 'SubjectAccessReview', spec };
  return { ...right, allowed: await askAccess(asker, 'subjectaccessreviews', review) };
}

async function askAccess(asker: Asker, resource: string, review: object): Promise<Seen<boolean>> {
  const answer = await ask(
    asker,
    {
      verb: 'create',
      path: `/apis/authorization.k8s.io/v1/${resource}`,
      body: { apiVersion: 'authorization.k8s.io/v1', ...review },
    },
    accessSchema,
  );
  return answer.kind === 'seen' ? seen(answer.value.status.allowed) : answer;
}

function attributes({ verb, resource, namespace }: Right): object {
  return { verb, resource, group: '', version: 'v1', ...(namespace === null ? {} : { namespace }) };
}

/** What a client certificate says, the first where there is a chain; null where there is none. */
export function parseCertificate(pem: string | Buffer | undefined): Certificate | null {
  if (pem === undefined) return null;
  const certificate = new X509Certificate(pem);
  const subject = certificate.subject.split(/[\n+]/).map((part) => part.trim());
  const named = (key: string): string[] =>
    subject.filter((part) => part.startsWith(`${key}=`)).map((part) => part.slice(key.length + 1));
  return {
    commonName: named('CN')[0] ?? '',
    organisations: named('O'),
    notAfterMs: Date.parse(certificate.validTo),
  };
}
