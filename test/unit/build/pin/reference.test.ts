import assert from 'node:assert/strict';
import { parseReference } from '../../../../build/pin/reference.ts';

describe('parseReference()', () => {
  const table: [string, string, string, string][] = [
    ['node:24', 'registry-1.docker.io', 'library/node', '24'],
    ['otel/collector:0.1.0', 'registry-1.docker.io', 'otel/collector', '0.1.0'],
    ['docker.io/library/node:24-slim', 'registry-1.docker.io', 'library/node', '24-slim'],
    ['quay.io/a/b/c:v1', 'quay.io', 'a/b/c', 'v1'],
    ['127.0.0.1:5000/x:1', '127.0.0.1:5000', 'x', '1'],
    ['localhost:5000/x:1', 'localhost:5000', 'x', '1'],
  ];
  for (const [text, host, repository, tag] of table)
    it(`reads ${text}`, () => {
      assert.deepEqual(parseReference(text), { host, repository, tag, written: text });
    });

  it('leaves a digest out that is there already', () => {
    const reference = parseReference(`node:24@sha256:${'0'.repeat(64)}`);

    assert.equal(reference?.written, 'node:24');
    assert.equal(reference.tag, '24');
  });

  for (const text of ['scratch', 'localhost/kube-latency/kube-latency:0.1.0'])
    it(`knows that no registry has ${text}`, () => {
      assert.equal(parseReference(text), undefined);
    });

  for (const text of ['node', 'quay.io/a/b', 'node:', `node@sha256:${'0'.repeat(64)}`])
    it(`refuses ${text}, which has no tag`, () => {
      assert.throws(() => parseReference(text), /expected an image with a tag/);
    });
});
