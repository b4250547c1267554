import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { start, type Running } from '../../support/command.ts';
import { freePorts } from '../../support/free-ports.ts';

/** Two pingers and an aggregator on loopback, in a mesh with a third node that refuses. */
export interface LoopbackMesh {
  /** `127.0.0.1:PORT` of the pages of metrics. */
  readonly pages: readonly string[];
  readonly stop: () => Promise<void>;
}

const timeoutMs = 600_000;

/** Starts the mesh; `env` says how it exports. Its network is called `pods`. */
export async function startLoopbackMesh(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<LoopbackMesh> {
  const [pingA, pingB, metricsA, metricsB, own, nothing] = await freePorts(6);
  const dead = { name: 'dead', address: '127.0.0.4', port: nothing, zone: 'west' };
  const a = { name: 'a', address: '127.0.0.2', port: pingA, zone: 'east' };
  const b = { name: 'b', address: '127.0.0.3', port: pingB, zone: 'west' };
  const pinger = (self: typeof a, other: typeof a, metrics: number | undefined): object => ({
    nodeName: self.name,
    zone: self.zone,
    network: 'pods',
    protocols: ['tcp'],
    ports: { ping: self.port, metrics },
    peers: { static: [other, dead] },
  });
  const configs = {
    'rtt-pinger': [pinger(a, b, metricsA), pinger(b, a, metricsB)],
    'rtt-aggregator': [
      {
        network: 'pods',
        port: own,
        // One refuses.
        pingers: {
          static: [metricsA, metricsB, nothing].map((port) => `http://127.0.0.1:${port}`),
        },
      },
    ],
  };
  const running: Running[] = [];
  for (const [program, list] of Object.entries(configs))
    for (const [index, config] of list.entries()) {
      const file = join(folder, `${program}-${index}.yaml`);
      await writeFile(file, stringify(config));
      const args = [`receivers/${program}/main.ts`, '--config', file];
      running.push(start(process.execPath, args, { env, timeoutMs }));
    }
  return {
    pages: [metricsA, metricsB, own].map((port) => `127.0.0.1:${port}`),
    stop: async () => {
      for (const { child } of running) child.kill('SIGTERM');
      await Promise.all(running.map(({ finished }) => finished));
    },
  };
}
