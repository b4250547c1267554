import { z } from 'zod';
import { expectOk, type AskApi } from './api-client.ts';

const namespaces = {
  agent: 'kube-latency-node',
  gateway: 'kube-latency',
  'rtt-pinger': 'kube-latency',
  'rtt-aggregator': 'kube-latency',
} as const;

export type PipelinePart = keyof typeof namespaces;

/** One pod of the pipeline, by what it is and where it runs. */
export interface PipelinePod {
  readonly name: PipelinePart;
  readonly node: string;
  readonly ready: boolean;
}

const podsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ deletionTimestamp: z.string().optional() }),
      spec: z.looseObject({ nodeName: z.string().optional() }),
      status: z.looseObject({
        conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** The pods of these parts, as far as they are there to stay. */
export async function pipelinePods(
  ask: AskApi,
  parts: readonly PipelinePart[],
): Promise<PipelinePod[]> {
  const found = await Promise.all(
    parts.map(async (name) => {
      const selector = encodeURIComponent(`app.kubernetes.io/name=${name}`);
      const path = `/api/v1/namespaces/${namespaces[name]}/pods?labelSelector=${selector}`;
      const { items } = podsSchema.parse(await expectOk(ask, { method: 'GET', path }));
      return items
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ spec, status }) => ({
          name,
          node: spec.nodeName ?? '',
          ready: status.conditions.some((each) => each.type === 'Ready' && each.status === 'True'),
        }));
    }),
  );
  return found.flat();
}

/** Whether a pod of `everywhere` on each of so many nodes, and one of `once`, are there and ready, and no other. */
export async function allReady(
  ask: AskApi,
  { everywhere, once }: { readonly everywhere: PipelinePart; readonly once: PipelinePart },
  nodes: number,
): Promise<boolean> {
  const pods = await pipelinePods(ask, [everywhere, once]);
  return pods.length === nodes + 1 && pods.every(({ ready }) => ready);
}
