import assert from 'node:assert/strict';

import { loadConfig } from '../../../../../receivers/correlator/config.ts';
import { createEngine, type Engine } from '../../../../../receivers/correlator/engine.ts';
import { probePod, spanId, traceId } from '../harness.ts';
import { decodeRequest, encodeRequest, type ResourceSpec, type SpanSpec } from '../otlp.ts';

const pod = probePod('p1');
const config = loadConfig({}, { K8S_NODE_NAME: 'n1' });
const targetBytes = 256 * 1024;

function child(trace: string, name: string): SpanSpec {
  return { traceId: trace, spanId: spanId(name), parentId: spanId(`${trace} sync`), name };
}

function root(trace: string): SpanSpec {
  const attributes = { 'k8s.pod.uid': pod.uid };
  return { traceId: trace, spanId: spanId(`${trace} sync`), name: 'syncPod', attributes };
}

function engineWith(...resources: readonly ResourceSpec[]): Engine {
  const engine = createEngine({
    config: config,
    resource: { 'service.name': 'correlator' },
    watching: () => true,
  });
  engine.pod({ kind: 'seen', pod, atMs: 100_000 });
  for (const resource of resources) engine.receive(encodeRequest([resource]), 100_500);
  return engine;
}

describe('requests with copies', () => {
  it('keep their size although each span comes with an envelope of its own', () => {
    const scopes = Array.from({ length: 100 }, (_, n) => `scope ${n} `.padEnd(20_000, 'x'));
    const trace = traceId('a');
    const engine = engineWith(
      ...scopes.map((scope) => ({ service: 'kubelet', scope, spans: [child(trace, 'below')] })),
      { service: 'kubelet', scope: 'last', spans: [root(trace)] },
    );

    const requests = engine.take();

    assert.ok(requests.every(({ bytes }) => bytes.length <= targetBytes));
    assert.ok(requests.length >= 8 && requests.length <= 9, `${requests.length} requests`);
    const copies = requests.flatMap(({ bytes }) => decodeRequest(bytes));
    assert.deepEqual(
      copies.map(({ scope }) => scope),
      [...scopes, 'last'],
    );
    assert.equal(
      requests.reduce((sum, { spans }) => sum + spans, 0),
      101,
    );
  });

  it('share an envelope where spans do, and are as large as they may be', () => {
    const trace = traceId('a');
    const scope = 'y'.repeat(20_000);
    const spans = Array.from({ length: 3000 }, (_, n) => child(trace, `span ${n}`));
    const engine = engineWith(
      { service: 'kubelet', scope, spans },
      { service: 'kubelet', scope, spans: [root(trace)] },
    );

    const requests = engine.take();

    const sizes = requests.map(({ bytes }) => bytes.length);
    assert.ok(sizes.every((size) => size <= targetBytes));
    assert.ok(sizes.slice(0, -1).every((size) => size > targetBytes - 1000));
  });

  it('fit a gRPC message with the longest span and the longest envelope that may be configured', () => {
    const most = 1024 * 1024;
    const limits = { ...config.limits, span: most };
    const engine = createEngine({
      config: { ...config, limits },
      resource: { 'service.name': 'correlator' },
      watching: () => true,
    });
    engine.pod({ kind: 'seen', pod, atMs: 100_000 });
    const name = 'n'.repeat(most - 1000);
    const scope = 's'.repeat(most - 1000);
    engine.receive(
      encodeRequest([{ service: 'kubelet', scope, spans: [{ ...root(traceId('a')), name }] }]),
      100_500,
    );

    const [only] = engine.take();

    assert.equal(only?.spans, 1);
    assert.ok(only.bytes.length > 1.9 * most);
    assert.ok(only.bytes.length < 4 * 1024 * 1024);
  });

  it('take no more than what their spans were held at, so that a queue of that size takes all at once', () => {
    for (const length of [0, 100, 5000]) {
      const traces = Array.from({ length: 100 }, (_, n) => traceId(`t${n}`));
      const engine = engineWith(
        ...traces.map((trace) => ({
          service: 'kubelet',
          spans: Array.from({ length: 10 }, (_, n) => child(trace, `${n}`.padEnd(length, 'x'))),
        })),
      );
      const { heldBytes, waitingSpans } = engine.counts;
      assert.equal(waitingSpans, 1000);
      engine.receive(encodeRequest([{ service: 'kubelet', spans: traces.map(root) }]), 100_500);

      const requests = engine.take();

      assert.equal(
        requests.reduce((sum, { spans }) => sum + spans, 0),
        1100,
      );
      const roots = traces.length * 400;
      const bytes = requests.reduce((sum, request) => sum + request.bytes.length, 0);
      assert.ok(bytes <= heldBytes + roots, `${bytes} bytes of copies, ${heldBytes} held`);
    }
  });
});
