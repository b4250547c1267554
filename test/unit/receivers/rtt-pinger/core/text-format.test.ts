import assert from 'node:assert/strict';

import { createBook } from '../../../../../receivers/rtt-pinger/core/book.ts';
import { exposition } from '../../../../../receivers/rtt-pinger/core/exposition.ts';
import { createHistogram } from '../../../../../receivers/shared/metrics/exponential-histogram.ts';
import type { Family } from '../../../../../receivers/shared/metrics/families.ts';
import { rttFamilies } from '../../../../../receivers/rtt-pinger/core/rtt-families.ts';
import { wantedOf } from '../../../../../receivers/rtt-pinger/core/target.ts';
import {
  formatFor,
  openMetricsText,
  prometheusText,
  type TextFormat,
} from '../../../../../receivers/shared/metrics/text-format.ts';
import { peer } from '../peers.ts';

const exemplar = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  value: 0.3,
  atMs: 1_700_000_000_500,
};
const shown =
  ' # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"} 0.3 1700000000.5';

function families(): readonly Family[] {
  const histogram = createHistogram();
  for (const value of [0.001, 0.3]) histogram.add(value);
  const common = { unit: '{probe}', description: 'of "x"' };
  return [
    {
      name: 'a.duration',
      unit: 's',
      description: 'x',
      kind: 'histogram',
      points: [{ labels: {}, value: histogram.read(), exemplar }],
    },
    { ...common, name: 'a.probes', kind: 'counter', points: [{ labels: {}, value: 2, exemplar }] },
    { ...common, name: 'a.targets', kind: 'gauge', points: [{ labels: {}, value: 2, exemplar }] },
  ];
}

function text(format: TextFormat): string {
  const delays = { from: 'here', sinceMs: 0, protocols: [] };
  return [...exposition({ seeds: () => [], delays, families: families() }, format)].join('');
}

describe('formatFor', () => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

  for (const [accept, format] of [
    [undefined, prometheusText],
    ['', prometheusText],
    ['*/*', prometheusText],
    ['text/plain', prometheusText],
    ['application/openmetrics-text', openMetricsText],
    [prometheus, openMetricsText],
    ['text/plain;q=0.5,application/openmetrics-text;q=0.4', prometheusText],
    ['application/openmetrics-text;q=0', prometheusText],
    ['application/openmetrics-text;q=much', prometheusText],
  ] as const)
    it(`takes ${format === openMetricsText ? 'OpenMetrics' : 'plain text'} for ${JSON.stringify(accept)}`, () => {
      assert.equal(formatFor(accept), format);
    });
});

describe('OpenMetrics', () => {
  const lines = text(openMetricsText).split('\n');

  it('shows an exemplar in the one bucket that its value is in', () => {
    assert.deepEqual(
      lines.filter((line) => line.startsWith('a_duration') && line.includes('#')),
      [`a_duration_seconds_bucket{le="0.5"} 2${shown}`],
    );
  });

  it('shows an exemplar of a counter, and none of a gauge', () => {
    assert.ok(lines.includes(`a_probes_total 2${shown}`));
    assert.ok(lines.includes('a_targets 2'));
  });

  it('describes counters without their ending, and ends as it must', () => {
    assert.ok(lines.includes('# TYPE a_probes counter'));
    assert.ok(lines.includes('# HELP a_probes of \\"x\\"'));
    assert.deepEqual(lines.slice(-2), ['# EOF', '']);
  });

  it('writes whole bounds with a point', () => {
    assert.ok(lines.includes('a_duration_seconds_bucket{le="16.0"} 2'));
  });
});

describe('exposition', () => {
  it('reads one series at a time, so that whoever writes it may pause in between', () => {
    const book = createBook({ nowMs: () => 0 });
    const all = Array.from({ length: 50 }, (_, index) =>
      wantedOf(peer(`node-${index}`, '192.0.2.1'), 'icmp', 0),
    );
    book.follow(all, { pairs: true, seeds: true, level: { by: 'zone' }, single: 0 });
    for (const each of all)
      book.add({ kind: 'ok', target: { ...each, gone: false }, rttNs: 1, late: false }, true);
    let read = 0;
    for (const pair of book.pairs()) {
      const { histogram } = pair;
      assert.ok(histogram);
      pair.histogram = { ...histogram, read: () => (read++, histogram.read()) };
    }
    const methodOf = () => ({ method: 'icmp', stamps: 'kernel' });
    const origin = { node: 'here', zone: '', rack: '', methodOf };
    const delays = { from: 'here', sinceMs: 0, protocols: [] };
    const exposed = { seeds: () => [], delays, families: rttFamilies(book, origin) };
    const most = [...exposition(exposed, prometheusText)].length;
    const seen = [read];
    read = 0;
    for (const _ of exposition(exposed, prometheusText)) seen.push(read);

    assert.equal(seen[0], 50);
    assert.equal(seen.length, most + 1);
    for (const [index, reads] of seen.slice(1).entries())
      assert.ok(reads <= index + 1, `${reads} series read for ${index + 1} pieces`);
  });
});

describe('the plain text of Prometheus', () => {
  it('has no exemplars and no end', () => {
    const plain = text(prometheusText);

    assert.doesNotMatch(plain, /trace_id|EOF/);
    assert.match(plain, /\n# TYPE a_probes_total counter\na_probes_total 2\n/);
    assert.match(plain, /_bucket\{le="16"\} 2\n/);
  });
});
