import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseAllDocuments, stringify } from 'yaml';
import { cluster, kubectl, kubectlApply } from './cluster.ts';
import { kustomize } from './kustomize.ts';

const manifests = new URL('../../manifests/', import.meta.url);
const inNamespace = ['--namespace', 'kube-latency'];
const name = 'deployment/pod-prober';

/** How it differs from what the component says. */
export interface ProberChange {
  /** Added to its arguments, so that they win. */
  readonly args?: readonly string[];
  /** In place of the variables of the same names; null: it has none of that name. */
  readonly env?: Readonly<Record<string, string | null>>;
}

/** Runs the component prober-deployment over the overlay that the cluster has, and resolves when it is rolled out. */
export async function deployProber({ args = [], env = {} }: ProberChange = {}): Promise<void> {
  const { probeImage } = await cluster();
  const deployment = await rendered();
  const [container] = deployment.spec.template.spec.containers;
  assert.ok(container);
  container.imagePullPolicy = 'Never';
  container.args.push(`--image=${probeImage}`, ...args);
  container.env = [
    ...container.env.filter((variable) => !(variable.name in env)),
    ...Object.entries(env).flatMap(([key, value]) =>
      value === null ? [] : [{ name: key, value }],
    ),
  ];
  await kubectlApply(stringify(deployment));
  await kubectl([...inNamespace, 'rollout', 'status', name, '--timeout=60s']);
}

/** Resolves when it and its pods are gone. */
export async function removeProber(): Promise<void> {
  const gone = ['--ignore-not-found', '--cascade=foreground', '--timeout=90s'];
  await kubectl([...inNamespace, 'delete', name, ...gone]);
}

export async function rollProber(): Promise<void> {
  await kubectl([...inNamespace, 'rollout', 'restart', name]);
  await kubectl([...inNamespace, 'rollout', 'status', name, '--timeout=90s']);
}

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: {
          imagePullPolicy: string;
          readonly args: string[];
          env: { readonly name: string }[];
        }[];
      };
    };
  };
}

/** With its certificate, as an overlay would have it that lists both components. */
async function rendered(): Promise<Deployment> {
  const certificate = 'components/prober-certificate/deployment.yaml';
  const text = await readFile(new URL(certificate, manifests), 'utf8');
  const yaml = await kustomize({
    resources: ['overlays/local'],
    components: ['components/prober-deployment'],
    patches: [{ target: { kind: 'Deployment', name: 'pod-prober' }, patch: text }],
  });
  const found = parseAllDocuments(yaml)
    .map((document) => document.toJS() as Deployment & { metadata: { name: string } })
    .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'pod-prober');
  assert.ok(found);
  return found;
}
