import assert from 'node:assert/strict';
import { runsMesh } from '../../../../local/cluster/pipeline.ts';
import { rendered } from '../../manifests/objects.ts';

describe('runsMesh()', () => {
  it('tells what makes pods of the mesh from all else that is deployed', () => {
    const found = (rendered['local'] ?? []).filter(runsMesh);

    assert.deepEqual(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(), [
      'DaemonSet rtt-pinger',
      'Deployment rtt-aggregator',
    ]);
  });
});
