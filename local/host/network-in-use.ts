import { z } from 'zod';
import { cannotRunHere } from '../errors.ts';
import { network } from '../plan.ts';
import { overlap } from './ranges.ts';
import { runOk } from './run.ts';

const routesSchema = z.array(z.looseObject({ dst: z.string(), dev: z.string().optional() }));
const linksSchema = z.array(z.looseObject({ ifname: z.string() }));
const tablesSchema = z.looseObject({
  nftables: z.array(
    z.looseObject({ table: z.looseObject({ family: z.string(), name: z.string() }).optional() }),
  ),
});

/** Packet filter tables that the cluster makes in the host's network. */
export const hostTables = [
  { family: 'inet', name: 'kube-latency' },
  { family: 'ip', name: 'kube-proxy' },
  { family: 'ip6', name: 'kube-proxy' },
] as const;

const ranges = [network.nodeCidr, network.podCidr, network.serviceCidr];

/** Rejects when the host already has what the cluster's network would be made of. */
export async function checkNetwork(signal: AbortSignal): Promise<void> {
  const [routes, links, tables] = await Promise.all([
    runOk('ip', ['-4', '-json', 'route', 'show', 'table', 'all'], { signal }),
    runOk('ip', ['-json', 'link'], { signal }),
    runOk('nft', ['--json', 'list', 'tables'], { signal }),
  ]);
  const problems = [
    ...routesInUse(routesSchema.parse(JSON.parse(routes))),
    ...linksInUse(linksSchema.parse(JSON.parse(links))),
    ...tablesInUse(tablesSchema.parse(JSON.parse(tables))),
  ];
  if (problems.length > 0)
    throw cannotRunHere(
      `${problems.join('; ')}; remove what it belongs to, or take --on kind, which needs none of it`,
    );
}

/** The cluster's ranges that the host has routes into, as messages. */
export function routesInUse(routes: z.infer<typeof routesSchema>): string[] {
  return ranges.flatMap((range) => {
    const route = routes.find(
      ({ dst }) => /^\d/.test(dst) && dst !== '0.0.0.0/0' && overlap(dst, range),
    );
    return route === undefined
      ? []
      : [
          `network range ${range} is in use: route to ${route.dst} by ${route.dev ?? 'another way'}`,
        ];
  });
}

function linksInUse(links: z.infer<typeof linksSchema>): string[] {
  const ours: readonly string[] = [network.bridge, network.podBridge];
  return links
    .filter(({ ifname }) => ours.includes(ifname))
    .map(({ ifname }) => `network interface ${ifname} exists already`);
}

function tablesInUse({ nftables }: z.infer<typeof tablesSchema>): string[] {
  return nftables
    .flatMap(({ table }) => table ?? [])
    .filter(({ family, name }) =>
      hostTables.some((ours) => ours.family === family && ours.name === name),
    )
    .map(({ family, name }) => `nftables table ${family} ${name} exists already`);
}
