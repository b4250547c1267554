import { isIP } from 'node:net';

import { z } from 'zod';

import type { Peer } from './target.ts';

/** What the file of the network prober's form says. */
export interface PeersFile {
  readonly peers: readonly Peer[];
  readonly intervalMs: number;
}

export type ParsedPeersFile =
  | { readonly kind: 'ok'; readonly file: PeersFile }
  | { readonly kind: 'invalid'; readonly problem: string };

const nsPerMs = 1e6;
export const shortestIntervalMs = 10;
export const longestIntervalMs = 3_600_000;

const schema = z.strictObject({
  endpointsMap: z.record(
    z.string().min(1),
    z.strictObject({
      ip: z.string().refine((text) => isIP(text) !== 0, 'expected an IP address'),
      port: z
        .union([z.string().regex(/^\d{1,5}$/), z.int()])
        .transform(Number)
        .refine((port) => port >= 1 && port <= 65_535, 'expected a port from 1 to 65535'),
    }),
  ),
  pollingPeriod: z
    .int()
    .refine(
      (ns) => ns >= shortestIntervalMs * nsPerMs && ns <= longestIntervalMs * nsPerMs,
      `expected nanoseconds from ${shortestIntervalMs} ms to 1 h`,
    ),
});

/** Reads the JSON that lists peers by name with a polling period in nanoseconds. */
export function parsePeersFile(text: string): ParsedPeersFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (caught) {
    return { kind: 'invalid', problem: `not JSON: ${(caught as Error).message}` };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`,
    );
    return { kind: 'invalid', problem: problems.join('; ') };
  }
  const { endpointsMap, pollingPeriod } = parsed.data;
  const peers = Object.entries(endpointsMap).map(([name, { ip, port }]) => ({
    id: `file/${name}`,
    name,
    address: ip,
    port,
    node: '',
    zone: '',
    namespace: '',
    pod: name,
  }));
  return { kind: 'ok', file: { peers, intervalMs: pollingPeriod / nsPerMs } };
}
