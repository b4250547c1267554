import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';
import { findProgram } from '../../local/host/install.ts';
import { program } from '../support/cluster.ts';
import { start } from '../support/command.ts';
import { kustomize, type Kustomization } from '../support/kustomize.ts';
import { renderings, withoutContents } from '../support/renderings.ts';
import {
  bytes,
  container,
  one,
  variable,
  workload,
  type KubeObject,
} from '../unit/manifests/objects.ts';

const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
const alerts = 'manifests/alerts/kube-latency';

/** Components of the gateway, and the layers that they lay over its configuration. */
const stacks = [
  {
    components: [
      'viewer',
      'span-metrics',
      'prometheus-otlp',
      'prometheus-remote-write',
      'gateway-replicas',
      'pod-disruption-budget',
      'network-policies',
    ],
    layers: ['embedded-viewer', 'span-metrics', 'prometheus-otlp', 'prometheus-remote-write'],
  },
  {
    components: [
      'jaeger',
      'jaeger-monitor',
      'prometheus',
      'tempo-grafana',
      'gateway-replicas',
      'pod-logs',
      'log-tailer',
      'network-policies',
    ],
    layers: [
      'no-backend',
      'jaeger',
      'jaeger-monitor',
      'tempo',
      'loki',
      'service-graph',
      'span-metrics',
      'prometheus-otlp',
    ],
  },
];

describe('manifests', () => {
  for (const { name, folder, golden } of renderings) {
    it(`${name}: kubectl kustomize gives what the unit tests look at`, async () => {
      const rendered = withoutContents(await output(program('kubectl'), ['kustomize', folder]));

      if (rewriting) await writeFile(golden, rendered);
      assert.equal(rendered, await readFile(golden, 'utf8'));
    }).timeout(60_000);
  }

  for (const { components, layers } of stacks)
    it(`have components that may be listed in any order: ${components.join(', ')}`, async () => {
      const [listed, reversed] = await Promise.all(
        [components, components.toReversed()].map((each) =>
          objectsOf({
            resources: ['base'],
            components: each.map((component) => `components/${component}`),
          }),
        ),
      );

      assert.ok(listed && reversed);
      assert.deepEqual(inOrder(reversed), inOrder(listed));
      const { args = [] } = container(workload(listed, 'StatefulSet gateway'), 'collector');
      assert.deepEqual(
        args.toSorted(),
        ['gateway', ...layers].map((layer) => `--config=/etc/otelcol/${layer}.yaml`).toSorted(),
      );
    }).timeout(60_000);

  it('have examples in README.md that do what they say', async () => {
    const text = await readFile('manifests/README.md', 'utf8');
    const examples = [...text.matchAll(/^```yaml\n(.+?)^```$/gms)].map(
      ([, yaml = '']) => parse(yaml) as Partial<Kustomization>,
    );
    const objects = await objectsOf({
      resources: ['overlays/production'],
      components: examples
        .flatMap((example) => example.components ?? [])
        .map((path) => path.replace('../../', '')),
      configMapGenerator: examples.flatMap((example) => example.configMapGenerator ?? []),
      patches: examples.flatMap((example) => example.patches ?? []),
    });

    const gateway = workload(objects, 'StatefulSet gateway');
    const collector = container(gateway, 'collector');
    const mounted = collector.volumeMounts?.find((each) => each.name === 'authorities');
    assert.ok(gateway.pod.volumes?.some((each) => each.name === 'authorities' && each.secret));
    for (const name of ['BACKEND_CA_FILE', 'PROMETHEUS_CA_FILE'])
      assert.ok(variable(collector, name)?.startsWith(`${mounted?.mountPath}/`), name);
    const limit = bytes(`${variable(collector, 'MEMORY_LIMIT_MIB')}MiB`);
    assert.equal(bytes(variable(collector, 'GOMEMLIMIT') ?? ''), limit);
    assert.equal(bytes(collector.resources.limits['memory'] ?? ''), limit / 0.8);
    const { egress } = one(objects, 'NetworkPolicy', 'gateway').spec as {
      egress: { ports: { port: number }[] }[];
    };
    assert.deepEqual(
      egress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [53, 53, 4317, 9090, 443, 3100],
    );
  }).timeout(60_000);

  it('send to docker-compose.yaml with the overlay of its README.md, and fit together', async () => {
    const text = await readFile('docker-compose/README.md', 'utf8');
    const [, yaml = ''] = /^```yaml\n(.+?)^```$/ms.exec(text) ?? [];
    const shown = parse(yaml) as Kustomization;
    const here = (paths: readonly string[] = []): string[] =>
      paths.map((path) => path.replace('../../', ''));

    const objects = await objectsOf({
      ...shown,
      resources: here(shown.resources),
      components: here(shown.components),
    });

    const { args = [] } = container(workload(objects, 'Deployment gateway'), 'collector');
    assert.deepEqual(args, ['--config=/etc/otelcol/gateway.yaml']);
    const environment = objects.find(({ data }) => data?.['BACKEND_ENDPOINT'] !== undefined);
    assert.match(String(environment?.data?.['BACKEND_ENDPOINT']), /^[\d.]+:4317$/);
    assert.equal(environment?.metadata.namespace, 'kube-latency');
  }).timeout(60_000);

  it('have alerts that Prometheus takes, and that fire when they should', async function () {
    if ((await findProgram('promtool')) === undefined) {
      if (process.env['KUBE_LATENCY_E2E'] === 'required') throw new Error('promtool is missing');
      console.error('      skipped: no promtool here (apt-get install prometheus)');
      return this.skip();
    }
    await output('promtool', ['check', 'rules', `${alerts}.rules.yaml`]);
    await output('promtool', ['test', 'rules', `${alerts}.test.yaml`]);
  }).timeout(60_000);
});

async function objectsOf(kustomization: Kustomization): Promise<KubeObject[]> {
  const rendered = await kustomize(kustomization);
  return parseAllDocuments(rendered).map((document) => document.toJS() as KubeObject);
}

/** Objects with every list sorted, where the order of components shows and says nothing. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(inOrder).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  );
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await start(command, args).finished;
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}
