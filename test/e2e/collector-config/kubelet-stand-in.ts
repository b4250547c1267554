import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Collectors } from './collectors.ts';

const now = new Date().toISOString();
const cpu = { time: now, usageNanoCores: 5_000_000, usageCoreNanoSeconds: 7_000_000_000 };
const memory = { time: now, usageBytes: 3_000_000, workingSetBytes: 2_000_000 };

/** What a kubelet answers on /stats/summary, of one pod with one container. */
const summary = {
  node: { nodeName: 'node-of-the-test', startTime: now, cpu, memory },
  pods: [
    {
      podRef: { name: 'cart-0', namespace: 'shop', uid: '8c1f3f0e-1111-4222-8333-944455556666' },
      startTime: now,
      cpu,
      memory,
      containers: [{ name: 'web', startTime: now, cpu, memory }],
    },
  ],
};

/** What a kubelet answers that cannot tell how full its file system is; the collector quotes it. */
const rootFsError =
  'Internal Error: failed to get rootFs stats: failed to get rootFs info: cannot find filesystem info';

/** What the collector says of a kubelet that has no statistics. */
export const lacksStatistics = /stats\/summary failed - \W*500 .*failed to get rootFs info/;

/** A server in the place of a kubelet. */
interface KubeletStandIn {
  readonly endpoint: string;
  readonly server: Server;
  /** From now on it has statistics, or lacks them. */
  readonly setLacking: (lacking: boolean) => void;
}

/**
 * Stands in for a kubelet: that of the cluster that tests have gives no statistics, for it runs without
 * localStorageCapacityIsolation. Like a real one it asks for a certificate.
 */
export async function startKubelet({ gateway }: Collectors): Promise<KubeletStandIn> {
  const read = (name: string): Promise<Buffer> => readFile(gateway.pki[name] ?? '');
  const [ca, cert, key] = await Promise.all(
    ['GATEWAY_CA_FILE', 'GATEWAY_CERT_FILE', 'GATEWAY_KEY_FILE'].map(read),
  );
  if (ca === undefined || cert === undefined || key === undefined) throw new Error('no files');
  const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  let lacking = false;
  const server = createServer(options, ({ url }, response) => {
    if (url !== '/stats/summary') response.writeHead(404).end();
    else if (lacking) response.writeHead(500).end(rootFsError);
    else
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(summary));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    setLacking: (lacks) => {
      lacking = lacks;
    },
  };
}
