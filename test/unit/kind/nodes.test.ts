import assert from 'node:assert/strict';
import { hasImage } from '../../../kind/images.ts';
import { nodeLineReader } from '../../../kind/nodes.ts';
import { findPages } from '../../../kind/pages.ts';
import type { Engine } from '../../../kind/engine.ts';

/** An engine that answers by what it is asked for last. */
function engineOf(answer: (args: readonly string[]) => string): Engine {
  return { name: 'docker', ask: async (args) => answer(args) };
}

describe('nodeLineReader()', () => {
  let file = '';
  const engine = engineOf((args) => {
    const script = args.at(-1) ?? '';
    if (script.startsWith('stat')) return `${Buffer.byteLength(file)}\n`;
    const from = Number(args.at(-2)?.replace('+', '')) - 1;
    return Buffer.from(file).subarray(from).toString();
  });

  it('gives whole lines once, and the rest of a line when it has come', async () => {
    const reader = nodeLineReader(engine, 'node', '/spans.jsonl');
    file = 'one\ntwo\nthr';
    assert.deepEqual(await reader.read(), ['one', 'two']);
    assert.deepEqual(await reader.read(), []);

    file += 'éé\nfour\n';
    assert.deepEqual(await reader.read(), ['thréé', 'four']);
  });

  it('begins anew where the file was rotated', async () => {
    const reader = nodeLineReader(engine, 'node', '/spans.jsonl');
    file = 'one\ntwo\n';
    await reader.read();

    file = 'new\n';
    assert.deepEqual(await reader.read(), ['new']);
  });
});

describe('hasImage()', () => {
  const list = `REF  TYPE  DIGEST  SIZE
localhost/kube-latency/otelcol:0.1.0 application/vnd.oci.image.manifest.v1+json sha256:aa 15.0 MiB linux/amd64 -
`;

  for (const [title, reference, digest, expected] of [
    ['the same content', 'localhost/kube-latency/otelcol:0.1.0', 'sha256:aa', true],
    ['another content', 'localhost/kube-latency/otelcol:0.1.0', 'sha256:bb', false],
    ['another name', 'localhost/kube-latency/otelcol:0.1', 'sha256:aa', false],
  ] as const)
    it(`tells ${title}`, () => assert.equal(hasImage(list, reference, digest), expected));
});

describe('findPages()', () => {
  const engine = engineOf((args) => {
    if (args.at(-1) === '31686/tcp') return '127.0.0.1:40001\n';
    throw new Error('no public port');
  });

  it('names the pages of what is deployed and mapped', async () => {
    assert.deepEqual(await findPages(engine, 'node', new Set(['jaeger', 'prometheus', 'agent'])), [
      { name: 'jaeger', url: 'http://127.0.0.1:40001' },
    ]);
    assert.deepEqual(await findPages(engine, 'node', new Set(['agent'])), []);
  });
});
