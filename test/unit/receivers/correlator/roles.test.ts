import assert from 'node:assert/strict';

import { loadConfig } from '../../../../receivers/correlator/config.ts';
import { createEngine } from '../../../../receivers/correlator/engine.ts';
import { probePod, request, sandboxSpans, syncSpans, traceId } from './harness.ts';
import { decodeRequest, encodeRequest } from './otlp.ts';

const pod = probePod('p1');
const path = '/api/v1/namespaces/kube-latency/pods/p1/status';

/** What a correlator of these roles makes of one trace of each component: copies by service, spans of the other role. */
function joined(role: readonly string[]): { services: readonly string[]; otherRole: number } {
  const engine = createEngine({
    config: loadConfig({ role }, { K8S_NODE_NAME: 'n1' }),
    resource: {},
    watching: () => true,
  });
  engine.pod({ kind: 'seen', pod, atMs: 100_000 });
  const attributes = { key: '/registry/pods/kube-latency/p1' };
  const spans = {
    kubelet: syncSpans(traceId('kubelet'), pod),
    containerd: sandboxSpans(traceId('containerd'), pod),
    apiserver: [request(traceId('apiserver'), 'PATCH', path)],
    etcd: [{ ...request(traceId('apiserver'), 'PUT', path), kind: 1, name: 'txn', attributes }],
    other: [request(traceId('other'), 'GET', path)],
  };
  engine.receive(
    encodeRequest(Object.entries(spans).map(([service, of]) => ({ service, spans: of }))),
    100_600,
  );
  engine.finish();
  const copies = engine.take().flatMap(({ bytes }) => decodeRequest(bytes));
  const { dropped } = engine.counts;
  assert.equal(dropped.unknown_service, 1);
  return {
    services: [...new Set(copies.map(({ service }) => service))].toSorted(),
    otherRole: dropped.other_role,
  };
}

describe('the roles', () => {
  it('take the spans of their components alone, and count the others’ as no loss', () => {
    const node = joined(['node']);
    const controlPlane = joined(['control-plane']);

    assert.deepEqual(node, { services: ['containerd', 'kubelet'], otherRole: 2 });
    assert.deepEqual(controlPlane, { services: ['apiserver', 'etcd'], otherRole: 4 });
  });

  it('take all that both take, where one has both', () => {
    const both = joined(['node', 'control-plane']);

    assert.deepEqual(both, {
      services: ['apiserver', 'containerd', 'etcd', 'kubelet'],
      otherRole: 0,
    });
  });
});
