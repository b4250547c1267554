import { z } from 'zod';
import type { NodePlan } from '../plan.ts';
import { expectOk, type AskApi } from './api-client.ts';

const nodesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      status: z.looseObject({
        conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional(),
      }),
    }),
  ),
});

/** Readiness by name, of the nodes that have registered. */
export async function nodeReadiness(ask: AskApi): Promise<Map<string, boolean>> {
  const { items } = nodesSchema.parse(
    await expectOk(ask, { method: 'GET', path: '/api/v1/nodes' }),
  );
  return new Map(
    items.map(({ metadata, status }) => [
      metadata.name,
      status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ===
        true,
    ]),
  );
}

/** Gives a registered node its pod range and role, which a kubelet may not give itself. */
export async function describeNode(node: NodePlan, ask: AskApi): Promise<void> {
  const { name, role, podCidr } = node;
  const labels = { [`node-role.kubernetes.io/${role}`]: '' };
  await expectOk(ask, {
    method: 'PATCH',
    path: `/api/v1/nodes/${name}`,
    body: { metadata: { labels }, spec: { podCIDR: podCidr, podCIDRs: [podCidr] } },
    contentType: 'application/merge-patch+json',
  });
}
