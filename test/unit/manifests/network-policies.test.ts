import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { allowed, behind, podsOf } from './network-policies.ts';
import { rendered, type KubeObject } from './objects.ts';

const objects = rendered['kind-grafana']!;
const policies = rendered['everything']!.filter(({ kind }) => kind === 'NetworkPolicy');

/** Who talks to whom, as the configurations say it. */
const ways: readonly (readonly [from: string, address: string])[] = [
  ...['JAEGER_ENDPOINT', 'PROMETHEUS_URL', 'TEMPO_ENDPOINT', 'LOKI_URL'].map(
    (name) => ['gateway', environment(name)] as const,
  ),
  ...datasources().map((url) => ['grafana', url] as const),
  ['jaeger', environment('PROMETHEUS_URL')],
  ['pod-prober', 'gateway.kube-latency.svc:4317'],
];

describe('the network policies over overlays/kind-grafana', () => {
  for (const [from, address] of ways)
    it(`let ${from} talk to ${address}`, () => {
      assert.ok(allowed(policies, podsOf(objects, from), behind(objects, address)));
    });

  it('let nobody else in the namespace talk to a backend', () => {
    const open = ['grafana.kube-latency.svc:3000'];
    const addresses = [...new Set([...ways.map(([, address]) => address), ...open])];
    const pods = ['gateway', 'pod-prober', 'jaeger', 'prometheus', 'tempo', 'loki', 'grafana'];
    const through = pods.flatMap((from) =>
      addresses
        .filter((address) => !address.includes(from))
        .filter((address) => allowed(policies, podsOf(objects, from), behind(objects, address)))
        .map((address) => [from, address] as const),
    );

    assert.deepEqual(new Set(through.map(String)), new Set(ways.map(String)));
  });

  it('let people look at pages, and nobody but the gateway and Grafana at the rest', () => {
    const fromOutside = objects
      .filter(({ kind, metadata }) => kind === 'Service' && isBackend(metadata))
      .flatMap(({ metadata, spec }) =>
        (spec as { ports: { port: number }[] }).ports.map(
          ({ port }) => `${metadata.name}.kube-latency.svc:${port}`,
        ),
      )
      .filter((address) => allowed(policies, 'a node', behind(objects, address)));

    assert.deepEqual(fromOutside.toSorted(), [
      'grafana.kube-latency.svc:3000',
      'jaeger.kube-latency.svc:16686',
      'prometheus.kube-latency.svc:9090',
    ]);
  });

  it('let the gateway ask the API server with component kubernetes-events, and not without', () => {
    const apiServer = { name: 'https', containerPort: 6443 };
    const outside = { name: 'kube-apiserver', labels: {}, ports: [apiServer] };
    const way = { to: outside, port: apiServer };

    // It is no pod of the namespace, so nothing there selects it.
    const elsewhere = policies.filter(({ metadata }) => metadata.name !== 'default-deny');
    assert.ok(allowed(elsewhere, podsOf(objects, 'gateway'), way));
    assert.ok(!allowed(elsewhere, podsOf(rendered['kind']!, 'gateway'), way));
  });
});

function isBackend({ labels }: KubeObject['metadata']): boolean {
  return labels?.['app.kubernetes.io/component'] === 'backend';
}

function environment(name: string): string {
  const found = objects.find(({ data }) => data?.[name] !== undefined)?.data?.[name];
  assert.ok(found, name);
  return found;
}

function datasources(): string[] {
  const file = objects.find(({ data }) => data?.['datasources.yaml'])?.data?.['datasources.yaml'];
  const parsed = parse(file ?? '', { merge: true }) as { datasources: { url: string }[] };
  return parsed.datasources.map(({ url }) => url);
}
