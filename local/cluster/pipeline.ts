import { chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runOk } from '../host/run.ts';
import type { LocalPaths } from '../paths.ts';
import { repository } from '../repository.ts';
import { objectSchema, type Manifest } from './apply-manifests.ts';

const manifests = join(repository, 'manifests/overlays');

/** Folders of what is deployed, by where the cluster runs. */
export const overlays = { local: join(manifests, 'local'), kind: join(manifests, 'kind') } as const;

/** User of every container of the pipeline. */
const user = 65_532;

/** Renders a kustomization. */
export async function renderPipeline(
  kubectl: string,
  overlay: string,
  signal: AbortSignal,
): Promise<Manifest[]> {
  const rendered = await runOk(kubectl, ['kustomize', overlay], { signal });
  return parseAllDocuments(rendered).map((document) => objectSchema.parse(document.toJS()));
}

/** Makes the folder that the gateway's volume is. */
export async function makeGatewayFolder({ spansFile }: LocalPaths): Promise<void> {
  const folder = dirname(spansFile);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await chown(folder, user, user);
}

const mesh: readonly string[] = ['rtt-pinger', 'rtt-aggregator'];

/** Whether an object makes pods of the mesh (manifests/components/rtt). */
export function runsMesh({
  kind,
  metadata,
}: {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}): boolean {
  return ['DaemonSet', 'Deployment'].includes(kind) && mesh.includes(metadata.name);
}
