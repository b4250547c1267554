import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, type Authority, type Pair } from '../../receivers/shared/certificates.ts';
import {
  podWebhook,
  type WebhookConfigurationInput,
} from '../../operator/webhook/configuration.ts';
import { createReviewCounts } from '../../operator/webhook/counts.ts';
import { createInjector } from '../../operator/webhook/injector.ts';
import { startWebhookServer, type WebhookServer } from '../../operator/webhook/server.ts';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { createNamespace, createPod, hasSidecar } from '../support/operator/pods-of.ts';
import { pod } from '../support/operator/pods.ts';
import {
  injectingProber,
  optedIn,
  ownNamespace,
  surroundings,
} from '../support/operator/probers.ts';

const configuration = 'failing';
/** The webhook's 2 s, and what an API server on a busy machine takes besides. */
const withinMs = 3500;
const dayMs = 24 * 3600 * 1000;

interface Reached {
  readonly client: WebhookConfigurationInput['client'];
  readonly close?: () => Promise<void>;
}

describe('a webhook that fails', () => {
  let server: ApiServer;
  let authority: Authority;
  let sound: WebhookServer;

  before(async function start() {
    this.timeout(90_000);
    server = await startApiServer();
    authority = await createAuthority('failures');
    await createNamespace(server, 'apps', optedIn);
    await createNamespace(server, 'others');
    await server.kubectl([
      'label',
      'namespace',
      'kube-system',
      'probes.bigmikes.io/injection=enabled',
    ]);
    sound = await serve(await issued());
  });

  after(async () => {
    await sound.close();
    await server.stop();
  });

  function issued(days = { from: -1, to: 1 }): Promise<Pair> {
    const at = (day: number): Date => new Date(Date.now() + day * dayMs);
    return authority.issue({
      commonName: 'webhook',
      usages: ['server'],
      names: [{ type: 'ip', value: '127.0.0.1' }],
      validity: { notBefore: at(days.from), notAfter: at(days.to) },
    });
  }

  function serve(pair: Pair): Promise<WebhookServer> {
    const around = surroundings({ probers: [injectingProber()] });
    const injector = createInjector({
      surroundings: () => around,
      namespaceLabels: () => optedIn,
    });
    return startWebhookServer({
      port: 0,
      host: '127.0.0.1',
      pair,
      injector,
      counts: createReviewCounts(),
    });
  }

  const atPort = (port: number) => ({ url: `https://127.0.0.1:${port}` });

  /** Has the API server call the webhook there from now on. */
  async function register(client: Reached['client']): Promise<void> {
    const { code, stderr } = await server.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: configuration },
      webhooks: [
        podWebhook({
          probers: [injectingProber()],
          ownNamespace,
          client,
          caBundle: authority.pair.cert,
        }),
      ],
    });
    assert.equal(code, 0, stderr);
  }

  async function isInjected(): Promise<boolean> {
    return hasSidecar(await createPod(server, 'apps', pod(), { dry: true }));
  }

  /** A webhook that is up but answers a pod's creation as it likes. */
  async function answering(answer: () => Promise<string>): Promise<Reached> {
    const other = createServer(await issued(), (request, response) => {
      response.on('error', () => undefined);
      request.resume().on('end', () => void answer().then((text) => response.end(text)));
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    return {
      client: atPort(port),
      close: async () => {
        other.closeAllConnections();
        other.close();
        await once(other, 'close');
      },
    };
  }

  const failures: readonly (readonly [string, () => Promise<Reached>])[] = [
    [
      'is stopped',
      async () => {
        const [port = 0] = await freePorts(1);
        return { client: atPort(port) };
      },
    ],
    [
      'has a certificate that has ended',
      async () => {
        const expired = await serve(await issued({ from: -60, to: -1 }));
        return { client: atPort(expired.port), close: expired.close };
      },
    ],
    [
      'has a certificate of another authority',
      async () => {
        const stranger = await createAuthority('stranger');
        const names = [{ type: 'ip', value: '127.0.0.1' }] as const;
        const pair = await stranger.issue({ commonName: 'webhook', usages: ['server'], names });
        const other = await serve(pair);
        return { client: atPort(other.port), close: other.close };
      },
    ],
    [
      'has a Service without endpoints',
      async () => {
        const { code, stderr } = await server.apply({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'webhook', namespace: 'others' },
          spec: { selector: { app: 'nobody' }, ports: [{ port: 443, targetPort: 9443 }] },
        });
        assert.equal(code, 0, stderr);
        return { client: { service: { namespace: 'others', name: 'webhook' } } };
      },
    ],
    [
      'has no Service',
      async () => ({ client: { service: { namespace: 'others', name: 'not-there' } } }),
    ],
    [
      'takes 10 s',
      () => answering(() => new Promise((resolve) => setTimeout(() => resolve('{}'), 10_000))),
    ],
    ['answers something else', () => answering(() => Promise.resolve('no review'))],
  ];

  for (const [title, fail] of failures)
    it(`lets pods be created everywhere within its 2 s when it ${title}, and injects after its return`, async () => {
      await register(atPort(sound.port));
      await eventually(async () => assert.ok(await isInjected()), { withinMs: 10_000 });
      const { client, close } = await fail();
      await register(client);
      await eventually(async () => assert.ok(!(await isInjected())), { withinMs: 20_000 });

      const took: Record<string, number> = {};
      for (const namespace of ['apps', 'others', 'kube-system']) {
        const startedMs = performance.now();
        const created = await createPod(server, namespace, pod());
        took[namespace] = Math.round(performance.now() - startedMs);
        assert.ok(!hasSidecar(created));
      }
      await close?.();
      await register(atPort(sound.port));
      await eventually(async () => assert.ok(await isInjected()), { withinMs: 10_000 });

      assert.ok((took['apps'] ?? Infinity) < withinMs, JSON.stringify(took));
      assert.ok((took['others'] ?? Infinity) < 1500, JSON.stringify(took));
      assert.ok((took['kube-system'] ?? Infinity) < 1500, JSON.stringify(took));
    }).timeout(90_000);
});
