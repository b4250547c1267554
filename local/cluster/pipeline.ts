import { chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { runOk } from '../host/run.ts';
import type { LocalPaths } from '../paths.ts';
import { repository } from '../repository.ts';
import { expectOk, type AskApi } from './api-client.ts';
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

/** One pod of the pipeline, by what it is and where it runs. */
export interface PipelinePod {
  readonly name: 'agent' | 'gateway';
  readonly node: string;
  readonly ready: boolean;
}

const podsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        labels: z.record(z.string(), z.string()).default({}),
        deletionTimestamp: z.string().optional(),
      }),
      spec: z.looseObject({ nodeName: z.string().optional() }),
      status: z.looseObject({
        conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** The agents and the gateway, as far as they are on nodes. */
export async function pipelinePods(ask: AskApi): Promise<PipelinePod[]> {
  const found = await Promise.all(
    [['kube-latency-node', 'agent'] as const, ['kube-latency', 'gateway'] as const].map(
      async ([namespace, name]) => {
        const selector = encodeURIComponent(`app.kubernetes.io/name=${name}`);
        const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`;
        const { items } = podsSchema.parse(await expectOk(ask, { method: 'GET', path }));
        return items
          .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
          .map(({ spec, status }) => ({
            name,
            node: spec.nodeName ?? '',
            ready: status.conditions.some(
              (each) => each.type === 'Ready' && each.status === 'True',
            ),
          }));
      },
    ),
  );
  return found.flat();
}
