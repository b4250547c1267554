import { parse } from 'yaml';
import { z } from 'zod';
import { createApi, type AskApi } from '../local/cluster/api-client.ts';

/** The administrator's way into a cluster. */
export interface Access {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly ask: AskApi;
}

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({
      cluster: z.looseObject({ server: z.url(), 'certificate-authority-data': z.base64() }),
    }),
  ]),
  users: z.tuple([
    z.looseObject({
      user: z.looseObject({
        'client-certificate-data': z.base64(),
        'client-key-data': z.base64(),
      }),
    }),
  ]),
});

/** Reads a kubeconfig as kind writes it. Throws for any other. */
export function accessBy(kubeconfig: string, signal: AbortSignal): Access {
  const { clusters, users } = kubeconfigSchema.parse(parse(kubeconfig));
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
  const ca = decode(cluster['certificate-authority-data']);
  const pair = {
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
  return { server: cluster.server, ca, ask: createApi({ ...pair, ca }, signal, cluster.server) };
}
