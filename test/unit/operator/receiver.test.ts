import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { createReceiver, type Receiver } from '../../../operator/receiver.ts';
import { configSchema } from '../../../operator/schema.ts';
import { createKubeClient, type KubeClient } from '../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../receivers/shared/wall-clock.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const clock = createWallClock(processClocks);

/** Of an API server that is away. */
function awayClient(): KubeClient {
  const credentials = {
    headers: {},
    ca: undefined,
    cert: undefined,
    key: undefined,
    passphrase: undefined,
    rejectUnauthorized: true,
    servername: undefined,
    proxyAgent: undefined,
  };
  return createKubeClient(
    {
      server: new URL('https://127.0.0.1:9'),
      origin: 'test',
      contextNamespace: undefined,
      credentials: () => Promise.resolve(credentials),
    },
    clock,
  );
}

describe('the operator while its API server is away', () => {
  let client: KubeClient;
  beforeEach(() => (client = awayClient()));
  afterEach(() => client.close());

  function receiver(values: object = {}): Receiver {
    const config = configSchema.parse({ port: 0, injection: { webhook: { port: 0 } }, ...values });
    const reporter = { instance: 'test', identity: 'test_1' };
    return createReceiver({ config, client, clock, log: quiet, reporter });
  }

  it('is alive and not ready, tells its metrics, and does not lead', async () => {
    const one = receiver();
    const { port } = await one.start();
    const url = `http://127.0.0.1:${port}`;
    const page = await fetch(`${url}/metrics`);
    const [alive, ready] = await Promise.all(
      ['healthz', 'readyz'].map((path) => fetch(`${url}/${path}`)),
    );
    const text = await page.text();
    await one.shutdown();

    assert.deepEqual([alive?.status, ready?.status], [200, 503]);
    assert.match(text, /^kube_latency_operator_leads_ratio 0$/m);
    assert.match(text, /^kube_latency_operator_requests_total\{verb="get"\} \d+$/m);
  });

  it('stops before it was started, and twice', async () => {
    const one = receiver();
    await one.shutdown();

    const other = receiver({ leaderElection: false });
    await other.start();
    await Promise.all([other.shutdown(), other.shutdown()]);
    await assert.doesNotReject(other.shutdown());
  });

  it('does not begin where its port is taken, and leaves nothing open', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;

    const one = receiver({ port });
    await assert.rejects(one.start(), { name: 'StartupError' });
    await one.shutdown();
    taken.close();
    assert.deepEqual(client.use().requests, {
      get: 0,
      list: 0,
      watch: 0,
      create: 0,
      patch: 0,
      delete: 0,
    });
  });
});
