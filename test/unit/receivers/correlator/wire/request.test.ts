import assert from 'node:assert/strict';

import { readRequest, type Origin } from '../../../../../receivers/correlator/wire/request.ts';
import { slotOf } from '../../../../../receivers/correlator/wire/attributes.ts';
import { emptySpan, spanName } from '../../../../../receivers/correlator/wire/span.ts';
import { spanId, traceId } from '../harness.ts';
import { encodeRequest, type SpanSpec } from '../otlp.ts';

interface Read {
  readonly names: string[];
  readonly services: string[];
  readonly malformed: string[];
  readonly origins: Set<Origin>;
  readonly unwanted: number;
  readonly result: string | undefined;
  readonly targets: string[];
}

function read(bytes: Buffer, maxSpanBytes = 100_000): Read {
  const [names, services, malformed, targets]: string[][] = [[], [], [], []];
  const origins = new Set<Origin>();
  let unwanted = 0;
  const result = readRequest(
    bytes,
    emptySpan(),
    {
      wanted: (service) => services?.push(service) !== undefined && service !== 'else',
      span: (span, origin) => {
        names?.push(spanName(span));
        targets?.push(span.values[slotOf('http.target')] ?? '');
        origins.add(origin());
      },
      unwanted: (count) => (unwanted += count),
      malformed: (why) => malformed?.push(why),
    },
    maxSpanBytes,
  );
  return {
    names: names ?? [],
    services: services ?? [],
    malformed: malformed ?? [],
    origins,
    unwanted,
    result,
    targets: targets ?? [],
  };
}

const span = (name: string, changes: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: traceId('t'),
  spanId: spanId(name),
  name,
  ...changes,
});

/** A field number and wire type 2, with content. */
const field = (number: number, ...content: Buffer[]): Buffer => {
  const bytes = Buffer.concat(content);
  const length =
    bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes]);
};

describe('readRequest()', () => {
  it('hands out every span under its service, and one origin for those that share it', () => {
    const bytes = encodeRequest([
      { service: 'kubelet', spans: [span('a'), span('b')] },
      { service: 'else', spans: [span('c'), span('d'), span('e')] },
      { service: 'etcd', spans: [span('f')] },
    ]);

    const { names, services, origins, unwanted, result, malformed } = read(bytes);

    assert.deepEqual(names, ['a', 'b', 'f']);
    assert.deepEqual(services, ['kubelet', 'else', 'etcd']);
    assert.deepEqual([origins.size, unwanted, result, malformed], [2, 3, undefined, []]);
  });

  it('reads a value that comes before its key, as the collector writes it', () => {
    const target = field(
      9,
      field(2, field(1, Buffer.from('/a/path'))),
      field(1, Buffer.from('http.target')),
    );
    const service = field(
      1,
      field(2, field(1, Buffer.from('etcd'))),
      field(1, Buffer.from('service.name')),
    );
    const one = field(2, target, field(2, Buffer.alloc(8, 1)), field(1, Buffer.alloc(16, 2)));

    const { services, targets } = read(field(1, field(2, one), field(1, service)));

    assert.deepEqual([services, targets], [['etcd'], ['/a/path']]);
  });

  it('tells each malformed span by its reason and reads the others', () => {
    const ids = [field(1, Buffer.alloc(16, 2)), field(2, Buffer.alloc(8, 1))];
    const spans: readonly (readonly [Buffer, string])[] = [
      [field(2, field(1, Buffer.alloc(16)), ids[1] as Buffer), 'bad_id'],
      [field(2, field(1, Buffer.alloc(15, 1)), ids[1] as Buffer), 'bad_id'],
      [field(2, ids[0] as Buffer), 'bad_id'],
      [field(2, ...ids, field(4, Buffer.alloc(7, 1))), 'bad_id'],
      [field(2, ...ids, ids[1] as Buffer), 'repeated_field'],
      [field(2, ...ids, Buffer.from([5 * 8, 1])), 'wrong_wire_type'],
      [field(2, ...ids, Buffer.from([6 * 8 + 2, 0])), 'wrong_wire_type'],
      [field(2, ...ids, Buffer.from([9 * 8 + 2, 127])), 'truncated'],
      [field(2, ...ids, Buffer.from([7 * 8 + 1, 0, 0])), 'truncated'],
      [field(2, ...ids, field(9, Buffer.from([10, 99]))), 'bad_attribute'],
      [field(2, ...ids, field(9, field(2, Buffer.from([8, 1])))), 'bad_attribute'],
      // Two values of one attribute, of which only the last is sound.
      [field(2, ...ids, field(9, field(2, Buffer.from([8, 1])), field(2))), 'bad_attribute'],
      [field(2, ...ids, field(11, Buffer.from([8, 1]))), 'bad_attribute'],
      [field(2, ...ids, field(13, field(1, Buffer.alloc(3)))), 'bad_attribute'],
    ];

    const result = read(field(1, field(2, ...spans.map(([bytes]) => bytes), field(2, ...ids))));

    assert.deepEqual(
      result.malformed,
      spans.map(([, why]) => why),
    );
    assert.equal(result.names.length, 1);
  });

  it('refuses envelopes that are broken', () => {
    for (const [bytes, why] of [
      [Buffer.from([10, 5, 0]), 'truncated'],
      [Buffer.from([8, 1]), 'wrong_wire_type'],
      [field(1, Buffer.from([2 * 8, 1])), 'wrong_wire_type'],
      [field(1, Buffer.from([18, 9])), 'truncated'],
      [field(1, field(1), field(1)), 'repeated_field'],
      [Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]), 'truncated'],
    ] as const)
      assert.equal(read(bytes).result, why, bytes.toString('hex'));
  });

  it('reads no span, and no envelope, beyond its limit', () => {
    const bytes = encodeRequest([{ service: 'etcd', spans: [span('a'.repeat(5000)), span('b')] }]);

    assert.deepEqual(read(bytes, 1000).names, ['b']);
    assert.deepEqual(read(bytes, 1000).malformed, ['span_too_large']);
    assert.deepEqual(read(bytes, 50).malformed, ['span_too_large', 'span_too_large']);
  });

  it('reads nothing from nothing', () => {
    assert.deepEqual(read(Buffer.alloc(0)).result, undefined);
  });
});
