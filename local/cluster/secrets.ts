import { X509Certificate } from 'node:crypto';
import { expectOk, type AskApi } from './api-client.ts';
import { applyManifests, objectPath, type Manifest } from './apply-manifests.ts';
import { issueProberKubeconfigs } from './prober-identity.ts';
import { proberSecret, roadSecretNames, roadSecrets } from './road-secrets.ts';
import { issueRoad, roadRequests, type RoadMember } from './road.ts';

const notFound = 404;

/** Who asks for Secrets, and of which cluster. */
export interface SecretsCluster {
  readonly ask: AskApi;
  /** Address for the kubeconfig of this machine. */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly signal: AbortSignal;
}

/** What was made. */
export interface MadeSecrets {
  /** Names of the Secrets that were made; those that were there stay. */
  readonly made: readonly string[];
  /** The prober's kubeconfig for this machine, where one was made. */
  readonly proberKubeconfig: string | undefined;
}

/**
 * Makes the Secrets that the pipeline needs (manifests/README.md) where one of them is missing: certificates of collectors,
 * receivers and backends all anew, also where a certificate lacks a name that is served by now, because they have one authority, whose key is kept nowhere; the prober's by itself.
 * The namespaces have to be there.
 */
export async function makeSecrets(
  { ask, server, ca, signal }: SecretsCluster,
  renew: boolean,
): Promise<MadeSecrets> {
  const isMissing = async (secret: Manifest, member?: RoadMember): Promise<boolean> => {
    if (renew) return true;
    const { status, body } = await ask({ method: 'GET', path: objectPath(secret) });
    return status === notFound || (member !== undefined && lacksName(body, member));
  };
  const missing = await Promise.all(
    roadSecretNames.map(([namespace, name, member]) =>
      isMissing(secretNamed(namespace, name), member),
    ),
  );
  const road = missing.includes(true) ? roadSecrets(await issueRoad()) : [];
  const prober = (await isMissing(proberSecret('')))
    ? await issueProberKubeconfigs(ask, { ca, server }, signal)
    : undefined;
  const secrets = [...road, ...(prober === undefined ? [] : [proberSecret(prober.inCluster)])];
  await applyManifests(ask, secrets);
  return {
    made: secrets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    proberKubeconfig: prober?.here,
  };
}

/** Whether a certificate in a Secret is not for all names of its member. */
function lacksName(secret: unknown, member: RoadMember): boolean {
  const { data = {} } = secret as { readonly data?: Readonly<Record<string, string>> };
  const pem = Buffer.from(data['tls.crt'] ?? '', 'base64');
  if (pem.length === 0) return true;
  const certificate = new X509Certificate(pem);
  return (roadRequests[member].names ?? []).some(
    ({ type, value }) => type === 'dns' && certificate.checkHost(value) === undefined,
  );
}

/** Makes the namespaces of the pipeline as its manifests have them. */
export async function makeNamespaces(ask: AskApi, manifests: readonly Manifest[]): Promise<void> {
  await applyManifests(
    ask,
    manifests.filter(({ kind }) => kind === 'Namespace'),
  );
}

/** The kubeconfig that lies in the prober's Secret, with another server in it. */
export async function readProberKubeconfig(ask: AskApi, server: string): Promise<string> {
  const secret = (await expectOk(ask, {
    method: 'GET',
    path: objectPath(proberSecret('')),
  })) as { readonly data: Readonly<Record<string, string>> };
  const text = Buffer.from(secret.data['kubeconfig'] ?? '', 'base64').toString('utf8');
  return text.replace(/^(\s*server: ).*$/m, (_, before: string) => before + server);
}

function secretNamed(namespace: string, name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } };
}

/** PEM of the authority that pods know the API server by. */
export async function readAuthority(ask: AskApi): Promise<string> {
  const path = '/api/v1/namespaces/kube-latency/configmaps/kube-root-ca.crt';
  const { data } = (await expectOk(ask, { method: 'GET', path })) as {
    readonly data: Readonly<Record<string, string>>;
  };
  return data['ca.crt'] ?? '';
}
