import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { features, type Feature } from '../../build/chart/components.ts';
import { makeChart } from '../../build/chart/make-chart.ts';
import { objectsOf, type KubeObject, type Objects } from '../../build/chart/objects.ts';
import { start, type Finished } from '../support/command.ts';
import { program } from '../support/cluster.ts';
import { extraProgram } from '../support/extra-program.ts';
import { kustomize } from '../support/kustomize.ts';

const chart = 'manifests/chart';
/** Components that cannot be there together, or not alone. */
const notTogether = new Set(['kubernetes-events']);

describe('the chart', function () {
  this.timeout(120_000);
  let helm: string;
  let folder: string;

  before(async function () {
    this.timeout(900_000);
    helm = await extraProgram('helm', this);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-chart-'));
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('is what npm run chart makes of the manifests', async () => {
    const made = await makeChart(program('kubectl'));
    const names = await readdir(chart, { recursive: true, withFileTypes: true });
    const there = new Map(
      await Promise.all(
        names
          .filter((each) => each.isFile())
          .map(async ({ parentPath, name }) => {
            const path = join(parentPath, name);
            return [relative(chart, path), await readFile(path, 'utf8')] as const;
          }),
      ),
    );
    assert.deepEqual([...there.keys()].toSorted(), [...made.keys()].toSorted());
    for (const [path, content] of made) assert.equal(there.get(path), content, path);
  }).timeout(300_000);

  it('is found well by helm lint', async () => {
    const { code, stdout } = await run(['lint', '--strict', chart]);
    assert.equal(code, 0, stdout);
  });

  const combinations = [
    [],
    ...features.map((each) => [each]),
    features.filter(({ component }) => !notTogether.has(component)),
  ];
  for (const on of combinations)
    it(`has the objects of manifests/base ${on.length === 0 ? 'alone' : `with ${on.map(({ component }) => component).join(', ')}`}`, async () => {
      const components = on.map(({ component }) => `components/${component}`);
      const [rendered, templated] = await Promise.all([
        kustomize({ resources: ['base'], components }),
        template(on),
      ]);

      assert.deepEqual(comparable(objectsOf(templated)), comparable(objectsOf(rendered)));
    });

  it('says what is wrong with a value', async () => {
    for (const [flag, expected] of [
      ['rtt.enabled=perhaps', /rtt\/enabled|rtt\.enabled/],
      ['rrt.enabled=true', /rrt/],
    ] as const) {
      const { code, stderr } = await run(['template', 'kube-latency', chart, '--set', flag]);
      assert.notEqual(code, 0);
      assert.match(stderr, expected);
    }
  });

  it('goes into a namespace of any name, and speaks of no other', async () => {
    const values = features.filter(({ component }) => !notTogether.has(component));
    const rendered = await template(values, ['--namespace=measuring'], {
      nodeNamespace: 'on-nodes',
    });
    assert.doesNotMatch(rendered, /kube-latency\.svc|namespace: kube-latency$/m);
    const namespaces = new Set(
      [...objectsOf(rendered).values()].map(({ metadata }) => metadata.namespace),
    );
    assert.deepEqual([...namespaces].map(String).toSorted(), [
      'cert-manager',
      'default',
      'measuring',
      'on-nodes',
      'undefined',
    ]);
  });

  async function template(
    on: readonly Feature[],
    flags: readonly string[] = ['--namespace=kube-latency'],
    more: object = {},
  ): Promise<string> {
    const values = Object.fromEntries(
      features.map((each) => [each.value.split('.')[0], { enabled: on.includes(each) }]),
    );
    const file = join(folder, `values-${Math.random()}.yaml`);
    const images = {
      collectorImage: { repository: 'localhost/kube-latency/otelcol', tag: '0.1.0' },
    };
    const certificates = { generate: false };
    await writeFile(file, stringify({ ...values, ...images, certificates, ...more }));
    const { code, stdout, stderr } = await run([
      'template',
      'kube-latency',
      chart,
      '--values',
      file,
      ...flags,
    ]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  function run(args: readonly string[]): Promise<Finished> {
    return start(helm, args, { env: { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder } })
      .finished;
  }
});

/** Without the release's namespace, which Helm makes, hashes of configuration, and the order of lists. */
function comparable(objects: Objects): Record<string, unknown> {
  return Object.fromEntries(
    [...objects]
      .filter(([key]) => key !== 'Namespace kube-latency')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, object]: readonly [string, KubeObject]) => [key, plain(object)]),
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(plain).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => name !== 'checksum/configuration')
    .map(([name, each]) => [name, plain(each)] as const)
    .filter(([, each]) => !isEmpty(each))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
