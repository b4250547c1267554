import assert from 'node:assert/strict';
import { layer, layerFile } from '../../../../build/image/layer.ts';

const shape = (entries: ReturnType<typeof layer>): string[] =>
  entries.map(({ kind, path }) => `${kind} ${path}`);

describe('layer()', () => {
  it('puts folders before what lies in them, all in order of their paths', () => {
    const entries = [layerFile('/etc/passwd', ''), layerFile('/app/a/main.mjs', '')];

    assert.deepEqual(shape(layer(entries)), [
      'folder app',
      'folder app/a',
      'file app/a/main.mjs',
      'folder etc',
      'file etc/passwd',
    ]);
  });

  it('does not depend on the order of what it is given', () => {
    const entries = [layerFile('/b/x', ''), layerFile('/a', ''), layerFile('/b/c/d', '')];

    assert.deepEqual(layer(entries), layer(entries.toReversed()));
  });

  it('keeps the mode of a folder that it is given', () => {
    const [tmp] = layer([{ kind: 'folder', path: 'tmp', mode: 0o1777 }, layerFile('/tmp/x', '')]);

    assert.deepEqual(tmp, { kind: 'folder', path: 'tmp', mode: 0o1777 });
  });
});

describe('layerFile()', () => {
  it('takes an absolute path, as a layer must not', () => {
    assert.equal(layerFile('/node/bin/node', '').path, 'node/bin/node');
  });
});
