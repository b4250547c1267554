import type { Engine } from './engine.ts';

/** A page of something in the cluster, on this machine's loopback. */
export interface Page {
  readonly name: string;
  readonly url: string;
}

/** NodePorts of manifests/overlays/kind and of component tempo-grafana. */
const nodePorts = [
  { name: 'jaeger', port: 31686, scheme: 'http' },
  { name: 'prometheus', port: 31090, scheme: 'https' },
  { name: 'grafana', port: 31300, scheme: 'http' },
] as const;

/** The pages of those services that are deployed and whose port the engine maps. */
export async function findPages(
  engine: Engine,
  controlPlane: string,
  deployed: ReadonlySet<string>,
): Promise<Page[]> {
  const found = await Promise.all(
    nodePorts
      .filter(({ name }) => deployed.has(name))
      .map(async ({ name, port, scheme }) => {
        const mapped = await engine.ask(['port', controlPlane, `${port}/tcp`]).catch(() => '');
        const address = mapped.trim().split('\n')[0] ?? '';
        return address === '' ? [] : [{ name, url: `${scheme}://${address}` }];
      }),
  );
  return found.flat();
}
