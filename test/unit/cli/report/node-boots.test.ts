import assert from 'node:assert/strict';
import { traceOfBoot } from '../../../../cli/boot/trace-of-boot.ts';
import { nodeBoots } from '../../../../cli/report/node-boots.ts';
import type { Trace, TraceSpan } from '../../../../cli/trace/model.ts';
import { bootRecord } from '../../../support/boot-record.ts';

const second = 1_000_000_000n;

/** Spans by name, from and to a second, all of one node. */
function boot(node: string, spans: Readonly<Record<string, readonly [number, number]>>): Trace {
  return {
    traceId: 'a'.repeat(32),
    spans: Object.entries(spans).map(([name, [fromS, toS]]): TraceSpan => ({
      service: 'log-tailer',
      name,
      kind: 'internal',
      spanId: 'b'.repeat(16),
      parentSpanId: null,
      startTimeUnixNano: String(BigInt(fromS) * second),
      endTimeUnixNano: String(BigInt(toS) * second),
      attributes: { 'k8s.node.name': node },
      events: [],
      links: [],
      status: { code: 'unset', message: '' },
    })),
  };
}

describe('nodeBoots()', () => {
  it('gives the parts of a boot from its begin on, in their order', () => {
    const trace = boot('worker', {
      'node.boot': [100, 130],
      'node.boot.ready': [115, 130],
      'node.boot.kernel': [100, 103],
      'node.boot.cloud-init#init': [104, 106],
      'node.boot.unit#containerd.service': [105, 106],
    });

    assert.deepEqual(nodeBoots([trace]), [
      {
        node: 'worker',
        steps: [
          { name: 'kernel', fromS: 0, seconds: 3 },
          { name: 'cloud-init init', fromS: 4, seconds: 2 },
          { name: 'ready', fromS: 15, seconds: 15 },
        ],
      },
    ]);
  });

  it('gives of each node the last boot, the longest first', () => {
    const boots = nodeBoots([
      boot('a', { 'node.boot': [0, 90] }),
      boot('b', { 'node.boot': [10, 40] }),
      boot('a', { 'node.boot': [200, 210] }),
      boot('c', { 'node.boot.kernel': [0, 1] }),
    ]);

    assert.deepEqual(
      boots.map(({ node, steps }) => [node, steps]),
      [
        ['b', [{ name: 'boot', fromS: 0, seconds: 30 }]],
        ['a', [{ name: 'boot', fromS: 0, seconds: 10 }]],
      ],
    );
  });

  it('knows what a log tailer tells', () => {
    const trace = traceOfBoot(bootRecord());
    assert.ok(trace);
    const [told] = nodeBoots([trace]);

    assert.equal(told?.node, bootRecord().facts.name);
    assert.ok((told?.steps ?? []).some(({ name }) => name === 'containerd'));
    assert.ok(told?.steps.every(({ fromS, seconds }) => fromS >= 0 && seconds >= 0));
  });
});
