import { createHash } from 'node:crypto';
import { messageOf } from '../../receivers/shared/errors.ts';
import type { ImageReference } from './reference.ts';

/** An index of several architectures before the manifest of one. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const timeoutMs = 30_000;

/**
 * The digest that a tag stands for now, from its registry, without an account. It is computed from the manifest that the
 * registry sends, and has to be what the registry says. Rejects with one line that names image and registry.
 */
export async function resolveDigest(image: ImageReference, signal: AbortSignal): Promise<string> {
  try {
    return await fetchDigest(image, signal);
  } catch (caught) {
    const cause = caught instanceof TypeError && caught.cause !== undefined ? caught.cause : caught;
    throw new Error(`${image.written}: registry ${image.host}: ${messageOf(cause)}`, {
      cause: caught,
    });
  }
}

async function fetchDigest(
  { host, repository, tag }: ImageReference,
  signal: AbortSignal,
): Promise<string> {
  const url = new URL(`${schemeOf(host)}://${host}/v2/${repository}/manifests/${tag}`);
  const get = (target: URL, headers: Record<string, string>): Promise<Response> =>
    fetch(target, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  let response = await get(url, { accept: manifestTypes });
  if (response.status === 401) {
    await response.body?.cancel();
    const token = await fetchToken(response.headers.get('www-authenticate') ?? '', get);
    response = await get(url, { accept: manifestTypes, authorization: `Bearer ${token}` });
  }
  if (!response.ok) throw new Error(`answered with status ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const told = response.headers.get('docker-content-digest');
  if (told !== null && told !== digest)
    throw new Error(`said ${told} of a manifest with digest ${digest}`);
  return digest;
}

/** Asks for the token of somebody without an account, where the registry says that tokens are given. */
async function fetchToken(
  challenge: string,
  get: (target: URL, headers: Record<string, string>) => Promise<Response>,
): Promise<string> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const realm = parameters.get('realm');
  if (!/^bearer /i.test(challenge) || realm === undefined)
    throw new Error(`expected a challenge for a bearer token, got: ${challenge || 'none'}`);
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = parameters.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const response = await get(url, { accept: 'application/json' });
  if (!response.ok) throw new Error(`token from ${url.host}: status ${response.status}`);
  const { token, access_token: accessToken } = (await response.json()) as Record<string, unknown>;
  const found = token ?? accessToken;
  if (typeof found !== 'string') throw new Error(`token from ${url.host}: none in the answer`);
  return found;
}

/** As Docker does: plain HTTP on loopback alone. */
function schemeOf(host: string): 'http' | 'https' {
  return /^(127\.\d+\.\d+\.\d+|localhost)(:\d+)?$/.test(host) ? 'http' : 'https';
}
