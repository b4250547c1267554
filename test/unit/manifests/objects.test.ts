import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { rendered, root, type KubeObject } from './objects.ts';

/** Of no component of the pipeline. */
const withoutComponent = ['Namespace', 'PriorityClass', 'ConfigMap'];
const clusterWide = [
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
];

const elsewhere: Readonly<Record<string, string[]>> = {
  'kube-latency-ca': ['cert-manager'],
  'rtt-aggregator-events': ['default'],
};

const files = readdirSync(new URL('manifests/', root), { recursive: true, encoding: 'utf8' })
  // The chart is made of them.
  .filter((path) => path.endsWith('.yaml') && !path.startsWith('chart/'))
  .map((path) => ({ path, text: readFileSync(new URL(`manifests/${path}`, root), 'utf8') }));

for (const [name, objects] of Object.entries(rendered)) {
  describe(`the objects of manifests, ${name}`, () => {
    it('say what they are and that they belong to kube-latency', () => {
      for (const { kind, metadata } of objects) {
        const { labels = {} } = metadata;
        assert.equal(
          labels['app.kubernetes.io/part-of'],
          'kube-latency',
          `${kind} ${metadata.name}`,
        );
        if (kind === 'ConfigMap') continue;
        assert.ok(labels['app.kubernetes.io/name'], `${kind} ${metadata.name}`);
        if (withoutComponent.includes(kind)) continue;
        assert.ok(labels['app.kubernetes.io/component'], `${kind} ${metadata.name}`);
      }
    });

    it('lie in the two namespaces, but for the CA of cert-manager, rights to events of nodes, and what lies in none', () => {
      for (const { kind, metadata } of objects) {
        const expected: (string | undefined)[] = clusterWide.includes(kind)
          ? [undefined]
          : (elsewhere[metadata.name] ?? ['kube-latency', 'kube-latency-node']);
        assert.ok(expected.includes(metadata.namespace), `${kind} ${metadata.name}`);
      }
    });

    it('let nothing but restricted pods into namespace kube-latency', () => {
      const levels = objects
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => [
          metadata.name,
          metadata.labels?.['pod-security.kubernetes.io/enforce'],
        ]);

      assert.deepEqual(Object.fromEntries(levels), {
        'kube-latency': 'restricted',
        'kube-latency-node': 'privileged',
      });
    });
  });
}

describe('the files of manifests', () => {
  const resources = files
    .filter(({ path }) => path.endsWith('kustomization.yaml'))
    .flatMap(({ path, text }) => {
      const { resources: named = [] } = parse(text) as { resources?: string[] };
      return named
        .filter((each) => each.endsWith('.yaml'))
        .map((each) => `${dirname(path)}/${each}`);
    });

  it('hold one object each, and are called after it', () => {
    for (const path of resources) {
      const file = files.find((each) => each.path === path);
      assert.ok(file, path);
      // It throws where there is more than one.
      const { kind, metadata } = parse(file.text) as KubeObject;
      const kebab = kind.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
      assert.equal(path.split('/').at(-1), `${kebab}-${metadata.name}.yaml`);
    }
  });

  it('begin with what they are for', () => {
    const patch = '- op:';
    const bare = files.filter(({ text }) => !text.startsWith('# ') && !text.startsWith(patch));

    assert.deepEqual(
      bare.map(({ path }) => path),
      [],
    );
  });
});
