import { createBook } from '../../receivers/rtt-pinger/core/book.ts';
import { protocolFamilies } from '../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttFamilies } from '../../receivers/rtt-pinger/core/rtt-families.ts';
import { failureReasons, type Sample } from '../../receivers/rtt-pinger/core/sample.ts';
import { selfFamilies } from '../../receivers/rtt-pinger/core/self-families.ts';
import { planSeries, type SeriesRules } from '../../receivers/rtt-pinger/core/series-budget.ts';
import type { Wanted } from '../../receivers/rtt-pinger/core/target.ts';
import type { Family } from '../../receivers/shared/metrics/families.ts';

/** What a pinger tells when all that can go wrong did, to every target, and as many pairs stand out as may. */
export function mostSeries(all: readonly Wanted[], rules: SeriesRules): readonly Family[] {
  const book = createBook({ nowMs: () => 0 });
  const plan = planSeries(all, rules);
  book.follow(all, plan);
  book.single(new Set(all.slice(0, plan.single).map(({ key }) => key)));
  for (const wanted of all) for (const sample of everything(wanted)) book.add(sample, true);
  const used = [...new Set(all.map(({ protocol }) => protocol))];
  const methodOf = () => ({ method: 'x', stamps: 'kernel' });
  const origin = { node: 'here', zone: 'zone-0', rack: 'rack-0', methodOf };
  const none = { targets: 0, steady: 0, leftOut: 0, underWay: 0, lateTurns: 0, configErrors: 0 };
  const methods = used.map((protocol) => ({ protocol, ...methodOf() }));
  return [
    ...rttFamilies(book, origin),
    ...protocolFamilies(book, origin),
    ...selfFamilies({ ...none, methods, responses: 0, outliers: 0, outliersSuppressed: 0 }),
  ];
}

/** Data points of families: a histogram is one. */
export function dataPoints(families: readonly Family[]): object[] {
  return families.flatMap(({ name, points }) =>
    Array.from<object, object>(points, (point) => ({ name, ...point })),
  );
}

function everything(wanted: Wanted): Sample[] {
  const target = { ...wanted, gone: false };
  const common = { kind: 'ok', target, late: true } as const;
  const ways = { outNs: 1, backNs: 1 };
  return [
    ...failureReasons.map((reason) => ({ kind: 'failed', target, reason, late: true }) as const),
    ...[1, 2].map((number) => ({
      ...common,
      rttNs: number * 1e6,
      ...(wanted.protocol === 'udp'
        ? { oneWay: { ...ways, session: 1, responderSaw: number, sentSoFar: number } }
        : {}),
      ...(wanted.protocol === 'http' ? { phases: { connectNs: 1e6, firstByteNs: 1e6 } } : {}),
    })),
  ];
}
