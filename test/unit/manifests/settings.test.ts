import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readText } from '../collector-config/load.ts';
import { collectorFiles, rendered, root, workloads, type Container } from './objects.ts';

const map = /^environment(-HASH)?$/;
const text = readFileSync(new URL('manifests/README.md', root), 'utf8');
const settings = [...text.matchAll(/^\| `(kube-latency(?:-node)?)` +\| `([A-Z0-9_]+)` /gm)].map(
  ([, namespace = '', name = '']) => ({ namespace, name }),
);

describe('the settings that manifests/README.md lists', () => {
  it('are for both namespaces', () => {
    assert.deepEqual(
      new Set(settings.map(({ namespace }) => namespace)),
      new Set(['kube-latency', 'kube-latency-node']),
    );
  });

  for (const { namespace, name } of settings)
    it(`${name} reaches a program of ${namespace}, and is overridden in none`, () => {
      const containers = Object.values(rendered)
        .flatMap((objects) => workloads(objects))
        .filter(({ object }) => object.metadata.namespace === namespace)
        .flatMap(({ pod }) => pod.containers);

      assert.ok(containers.some((each) => takes(each, name)));
      for (const each of containers) {
        const own = each.env?.find((variable) => variable.name === name);
        if (own === undefined) continue;
        assert.equal(own.valueFrom?.configMapKeyRef?.key, name, each.name);
        assert.match(own.valueFrom?.configMapKeyRef?.name ?? '', map);
      }
    });
});

/** Whether a container gets the variable from ConfigMap `environment`, and its program reads it. */
function takes(container: Container, name: string): boolean {
  const { env = [], envFrom = [] } = container;
  const read = collectorFiles(container).some((file) => readText(file).includes(`{env:${name}`));
  return (
    (read && envFrom.some(({ configMapRef }) => map.test(configMapRef.name))) ||
    env.some((each) => each.name === name && each.valueFrom?.configMapKeyRef?.key === name)
  );
}
