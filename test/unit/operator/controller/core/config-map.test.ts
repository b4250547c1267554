import assert from 'node:assert/strict';

import {
  configMapFacts,
  configMapObject,
  contentHash,
  standingOf,
} from '../../../../../operator/controller/core/config-map.ts';
import { prober } from '../made.ts';

const text = '{"endpointsMap":{},"pollingPeriod":1}';
const wanted = {
  namespace: 'b',
  name: 'mesh',
  file: 'config.json',
  text,
  hash: contentHash(text),
  prober: prober(),
};

/** As the API server gives it back. */
function stored(object: object, more: object = {}) {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, uid: 'u', resourceVersion: '7' }, ...more };
}

const base64 = (content: string): string => Buffer.from(content).toString('base64');

describe('a ConfigMap of the operator', () => {
  it('is read as it was written', () => {
    assert.deepEqual(configMapFacts(stored(configMapObject(wanted))), [
      {
        namespace: 'b',
        name: 'mesh',
        uid: 'u',
        resourceVersion: '7',
        proberUid: 'uid-a-mesh',
        file: 'config.json',
        hash: wanted.hash,
      },
    ]);
  });

  for (const [what, change] of Object.entries({
    'another text': { binaryData: { 'config.json': base64('{}') } },
    'another file beside it': { binaryData: { 'config.json': base64(text), more: '' } },
    'something else beside it': { data: { more: '' } },
    nothing: { binaryData: {} },
  }))
    it(`has another hash with ${what} in it`, () => {
      const [facts] = configMapFacts(stored(configMapObject(wanted), change));

      assert.ok(facts);
      assert.notEqual(facts.hash, wanted.hash);
    });

  it('is owned by its NetworkProber where both are in one namespace', () => {
    const owners = (namespace: string) => {
      const { metadata } = configMapObject({ ...wanted, namespace }) as {
        metadata: { ownerReferences?: { uid: string }[] };
      };
      return metadata.ownerReferences?.map(({ uid }) => uid);
    };

    assert.deepEqual([owners('a'), owners('b')], [['uid-a-mesh'], undefined]);
  });
});

describe('a ConfigMap in the way', () => {
  const classic = { metadata: { name: 'mesh' }, binaryData: { 'config.json': base64(text) } };
  const cases: readonly [string, object, string][] = [
    ['that the operator made', configMapObject(wanted), 'ours'],
    ['with a list of peers alone', classic, 'classic'],
    ['with a list of peers and something else', { ...classic, data: { more: '' } }, 'foreign'],
    [
      'with a list of peers that is text',
      { metadata: {}, data: { 'config.json': text } },
      'foreign',
    ],
    ['with another file', { metadata: {}, binaryData: { 'peers.json': base64(text) } }, 'foreign'],
    ['that is no JSON', { ...classic, binaryData: { 'config.json': base64('x') } }, 'foreign'],
    ['that is null', { ...classic, binaryData: { 'config.json': base64('null') } }, 'foreign'],
    ['of other keys', { ...classic, binaryData: { 'config.json': base64('{"a":1}') } }, 'foreign'],
    ['that cannot be changed', { ...classic, immutable: true }, 'foreign'],
    [
      'that somebody owns',
      { ...classic, metadata: { ownerReferences: [{ uid: 'x' }] } },
      'foreign',
    ],
    [
      'that another program manages',
      { ...classic, metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
      'foreign',
    ],
    ['that is empty', { metadata: {} }, 'foreign'],
  ];
  for (const [what, object, standing] of cases)
    it(`${what} is ${standing}`, () => assert.equal(standingOf(object), standing));
});
