import { z } from 'zod';
import { hidden, seen, type KubeletFacts, type NodeFacts, type Seen } from '../facts.ts';
import { ask, type Asker } from './ask.ts';

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
      }),
      spec: z.object({ providerID: z.string().optional() }).optional(),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
        nodeInfo: z.object({ kubeletVersion: z.string(), containerRuntimeVersion: z.string() }),
      }),
    }),
  ),
});

const configzSchema = z.object({
  kubeletconfig: z.object({
    featureGates: z.record(z.string(), z.boolean()).optional(),
    tracing: z
      .object({
        endpoint: z.string().optional(),
        samplingRatePerMillion: z.number().nullish(),
      })
      .optional(),
  }),
});

export type ListedNode = z.infer<typeof nodesSchema>['items'][number];

export async function listNodes(asker: Asker): Promise<Seen<readonly ListedNode[]>> {
  const nodes = await ask(asker, { verb: 'list', path: '/api/v1/nodes' }, nodesSchema);
  return nodes.kind === 'seen' ? seen(nodes.value.items) : nodes;
}

export function isReady({ status }: Pick<ListedNode, 'status'>): boolean {
  return (
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
  );
}

/** What a node tells of itself, and its kubelet through the API server. */
export async function describeNode(
  { metadata, status }: ListedNode,
  asker: Asker,
  runtimeEnvironment: NodeFacts['runtimeEnvironment'],
): Promise<NodeFacts> {
  const { name } = metadata;
  return {
    name,
    kubeletVersion: status.nodeInfo.kubeletVersion,
    runtimeVersion: status.nodeInfo.containerRuntimeVersion,
    // A kubelet that is away would be waited for.
    kubelet: isReady({ status }) ? await readKubelet(name, asker) : hidden('the node is not ready'),
    runtimeEnvironment,
  };
}

async function readKubelet(node: string, asker: Asker): Promise<Seen<KubeletFacts>> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
  const configz = await ask(asker, { verb: 'get', path }, configzSchema);
  if (configz.kind === 'hidden') return configz;
  const { tracing, featureGates = {} } = configz.value.kubeletconfig;
  return seen({
    featureGates,
    tracing:
      tracing === undefined
        ? null
        : {
            endpoint: tracing.endpoint ?? null,
            samplingRatePerMillion: tracing.samplingRatePerMillion ?? null,
          },
  });
}
