import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { kubectl } from '../support/cluster.ts';
import { clusterObjects, keyOf, type ClusterObject } from '../support/cluster-objects.ts';
import { eventually } from '../support/eventually.ts';
import type { KubeObject } from '../unit/manifests/objects.ts';

const overlay = fileURLToPath(new URL('../../manifests/overlays/local', import.meta.url));

describe('kubectl and manifests/overlays/local', function () {
  this.timeout(180_000);

  it('change nothing where `up` has applied it', async () => {
    const before = versions(await clusterObjects());

    await kubectl(['apply', '--kustomize', overlay]);

    assert.deepEqual(versions(await clusterObjects()), before);
  });

  it('take everything away again, and nothing else', async () => {
    const before = await clusterObjects();
    const own = namesOf(before, ({ ours }) => ours);
    const rendered = parseAllDocuments(await kubectl(['kustomize', overlay]))
      .map((document) => document.toJS() as KubeObject)
      .map(({ kind, metadata }) => keyOf(kind, metadata));
    assert.deepEqual(
      rendered.filter((name) => !own.includes(name)),
      [],
    );

    await kubectl(['delete', '--ignore-not-found', '--kustomize', overlay]);

    await eventually(
      async () => {
        const left = await clusterObjects();
        assert.deepEqual(
          namesOf(left, ({ ours }) => ours),
          [],
        );
        assert.deepEqual(
          namesOf(left),
          namesOf(before, ({ ours }) => !ours),
        );
      },
      { withinMs: 60_000, everyMs: 2000 },
    );
  });
});

/** The state of pods, which changes without anybody wanting it. */
const told = ['Endpoints', 'EndpointSlice'];

/** Which object each is, how often what is wanted of it has changed, and what that is. */
function versions(objects: ReadonlyMap<string, ClusterObject>): Map<string, string> {
  return new Map(
    [...objects]
      .filter(([, { ours, kind }]) => ours && !told.includes(kind))
      .map(([name, { uid, generation, wanted }]) => [
        name,
        `${uid} ${generation ?? '-'} ${wanted}`,
      ]),
  );
}

function namesOf(
  objects: ReadonlyMap<string, ClusterObject>,
  wanted: (object: ClusterObject) => boolean = () => true,
): string[] {
  return [...objects]
    .filter(([, object]) => wanted(object))
    .map(([name]) => name)
    .toSorted();
}
