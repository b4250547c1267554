import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Surroundings } from '../../operator/injection/decision.ts';
import { inject } from '../../operator/injection/inject.ts';
import type { InjectingProber } from '../../operator/injection/prober.ts';
import {
  collections,
  registrationApi,
  registrations,
  type Registration,
} from '../../operator/registration/objects.ts';
import { createReviewCounts, type ReviewCounts } from '../../operator/webhook/counts.ts';
import { createInjector } from '../../operator/webhook/injector.ts';
import { startWebhookServer, type WebhookServer } from '../../operator/webhook/server.ts';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { eventually } from '../support/eventually.ts';
import {
  ask,
  comparable,
  createNamespace,
  createPod,
  hasSidecar,
  type CreatedPod,
} from '../support/operator/pods-of.ts';
import { patched, pod } from '../support/operator/pods.ts';
import {
  image,
  injectingProber,
  optedIn,
  ownNamespace,
  surroundings,
} from '../support/operator/probers.ts';
import { servingPair } from '../support/operator/serving-pair.ts';
import { validPods } from '../support/operator/valid-pods.ts';

const seed = 1;
const pods = fc.sample(validPods, { numRuns: 400, seed });
const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const system = 'kube-system';

/** A pod that passes the restricted level of Pod Security. */
const restrictedPod = pod({
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'app',
        image: 'app:1',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
});

describe('sidecars in pods of a real API server', () => {
  let server: ApiServer;
  let webhook: WebhookServer;
  let ca: string;
  let counts: ReviewCounts;
  let around: Surroundings = surroundings();
  let registered: readonly Registration[] = [];

  before(async function start() {
    this.timeout(90_000);
    server = await startApiServer();
    await createNamespace(server, 'apps', optedIn);
    await createNamespace(server, 'more-apps', { ...optedIn, team: 'a' });
    await createNamespace(server, 'restricted', { ...optedIn, ...restricted });
    await createNamespace(server, 'others');
    // What must not be injected does not opt in, as a rule; here it has.
    await createNamespace(server, ownNamespace, optedIn);
    await server.kubectl(['label', 'namespace', system, ...labels(optedIn)]);
    const serving = await servingPair();
    counts = createReviewCounts();
    ca = serving.ca;
    webhook = await startWebhookServer({
      port: 0,
      host: '127.0.0.1',
      pair: serving.pair,
      injector: createInjector({
        surroundings: () => around,
        namespaceLabels: (name) => (name === 'more-apps' ? { ...optedIn, team: 'a' } : optedIn),
      }),
      counts,
    });
  });

  after(async () => {
    await webhook.close();
    await server.stop();
  });

  afterEach(unregister);

  /** Registers what the operator would, and resolves when pods are injected. */
  async function register(probers: readonly InjectingProber[]): Promise<void> {
    const images = probers.map(({ spec }) => spec.agentImage);
    around = surroundings({
      probers,
      seenImages: new Map(images.map((each) => [each, { everywhere: true, nodes: new Set() }])),
    });
    const client = { url: `https://127.0.0.1:${webhook.port}` };
    registered = registrations({ surroundings: around, client, caBundle: ca });
    const { code, stderr } = await server.apply(
      ...registered.map(({ collection, name, fields }) => ({
        apiVersion: registrationApi,
        kind: collections[collection],
        metadata: { name },
        ...fields,
      })),
    );
    assert.equal(code, 0, stderr);
    await eventually(async () => assert.ok(hasSidecar(await dryPod(pod()))), { withinMs: 10_000 });
  }

  const dryPod = (object: object, namespace = 'apps'): Promise<CreatedPod> =>
    createPod(server, namespace, object, { dry: true });

  it('are accepted in any valid pod that they are put into', async () => {
    let injected = 0;
    for (const object of pods) {
      const before = await dryPod(object, 'others');
      const injection = inject(before, { name: 'apps', labels: optedIn }, surroundings());
      if (injection.kind === 'leave') continue;
      injected++;
      assert.ok(hasSidecar(await dryPod(patched(object, patchOf(object)), 'others')));
    }

    assert.ok(injected > 100, `${injected} of ${pods.length}`);
  }).timeout(120_000);

  for (const way of ['webhook', 'policy'] as const)
    it(`pass the restricted level of Pod Security, by ${way}`, async () => {
      await register([injectingProber({ way })]);

      assert.ok(hasSidecar(await createPod(server, 'restricted', restrictedPod)));
    }).timeout(30_000);

  it('are the same by policy as by webhook', async () => {
    const results: Record<string, unknown[]> = { webhook: [], policy: [] };
    for (const way of ['webhook', 'policy'] as const) {
      await register([injectingProber({ way })]);
      for (const object of pods) results[way]?.push(comparable(await dryPod(object)));
      await unregister();
    }

    const sidecars = results['policy']?.filter((each) => hasSidecar(each as CreatedPod));
    assert.ok((sidecars?.length ?? 0) > 100, String(sidecars?.length));
    assert.deepEqual(results['policy'], results['webhook']);
  }).timeout(180_000);

  it('are the older NetworkProber’s by policy as by webhook, whatever the order of policies', async () => {
    const older = { createdMs: 1000, name: 'z-older', spec: { httpPort: '81' } };
    const team = { namespaceSelector: { matchLabels: { team: 'a' } } };
    const chosen = (way: InjectingProber['way']) => [
      injectingProber({ way, name: 'a-younger', createdMs: 3000 }),
      injectingProber({ way, name: 'of-team', createdMs: 2000, spec: team }),
      injectingProber({
        ...older,
        way,
        spec: { ...older.spec, podSelector: { matchLabels: { tier: 'back' } } },
      }),
    ];
    const objects = [
      pod(),
      pod({ metadata: { labels: { app: 'net-prober', tier: 'back' } } }),
      pod({
        metadata: { labels: { app: 'net-prober', tier: 'back' } },
        spec: { containers: [{ name: 'a', image: 'a', ports: [{ containerPort: 81 }] }] },
      }),
    ];
    const owners: Record<string, (string | undefined)[]> = { webhook: [], policy: [] };
    for (const way of ['webhook', 'policy'] as const) {
      await register(chosen(way));
      for (const namespace of ['apps', 'more-apps'])
        for (const object of objects) {
          const { metadata } = await dryPod(object, namespace);
          owners[way]?.push(metadata.annotations?.['probes.bigmikes.io/network-prober']);
        }
      await unregister();
    }

    const [younger, ofTeam, back] = ['a-younger', 'of-team', 'z-older'].map(
      (each) => `default/${each}`,
    );
    assert.deepEqual(owners['webhook'], [younger, back, undefined, ofTeam, back, undefined]);
    assert.deepEqual(owners['policy'], owners['webhook']);
  }).timeout(60_000);

  it('come into pods of a NetworkProber whose list of peers takes several ConfigMaps', async () => {
    await register([injectingProber({ way: 'policy', spec: { topology: { maxPeers: 5000 } } })]);

    const { spec } = await dryPod(pod());

    assert.deepEqual(
      spec.volumes?.find(({ name }) => name === 'net-prober-vol'),
      {
        name: 'net-prober-vol',
        projected: {
          defaultMode: 0o644,
          sources: ['', '-2', '-3'].map((part) => ({
            configMap: { name: `networkprober-sample${part}`, optional: true },
          })),
        },
      },
    );
  }).timeout(30_000);

  for (const way of ['webhook', 'policy'] as const)
    it(`stay away from kube-system, the operator and namespaces without the label, by ${way}`, async () => {
      await register([injectingProber({ way })]);
      const before = counts.total();

      const created = await Promise.all(
        [system, ownNamespace, 'others'].map((namespace) => createPod(server, namespace, pod())),
      );

      assert.deepEqual(created.map(hasSidecar), [false, false, false]);
      assert.equal(counts.total() - before, 0);
    }).timeout(30_000);

  it('are not even asked about where no NetworkProber could have the pod', async () => {
    await register([injectingProber({ way: 'webhook' })]);
    const before = counts.total();

    for (const object of [
      pod({ metadata: { labels: { app: 'other' } } }),
      pod({ metadata: { labels: undefined } }),
      pod({ spec: { hostNetwork: true } }),
      pod({ spec: { os: { name: 'windows' } } }),
      pod({
        metadata: {
          labels: { app: 'net-prober' },
          annotations: { 'netprober-container-deployed': 'true' },
        },
      }),
    ])
      assert.ok(!hasSidecar(await dryPod(object)));

    assert.equal(counts.total() - before, 0);
    assert.ok(hasSidecar(await dryPod(pod())));
    assert.ok(counts.total() - before > 0);
  }).timeout(30_000);

  it('are put in once, though the webhook is asked again', async () => {
    await register([injectingProber({ way: 'webhook' })]);

    const once = await dryPod(pod());
    const again = await dryPod({
      ...pod(),
      metadata: { ...once.metadata, name: 'again' },
      spec: once.spec,
    });

    assert.deepEqual(again.spec, once.spec);
  }).timeout(30_000);

  async function unregister(): Promise<void> {
    for (const { collection, name } of registered)
      await ask(server, { verb: 'delete', path: `/apis/${registrationApi}/${collection}/${name}` });
    registered = [];
    await eventually(async () => assert.ok(!hasSidecar(await dryPod(pod()))), { withinMs: 10_000 });
  }
});

function labels(wanted: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
}

function patchOf(object: object) {
  const injection = inject(object, { name: 'apps', labels: optedIn }, surroundings());
  assert.ok(injection.kind === 'inject', image);
  return injection.patch;
}
