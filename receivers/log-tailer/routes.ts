import { familyText } from '../shared/metrics/exposition.ts';
import type { Family } from '../shared/metrics/families.ts';
import { formatFor, type TextFormat } from '../shared/metrics/text-format.ts';
import { healthRoute, streamText, type Route } from '../shared/web-server.ts';
import type { BootRecord } from './boot/boot-record.ts';
import { recordJson } from './boot/chart/json.ts';
import { classicText } from './boot/classic-text.ts';

export interface RoutesOptions {
  readonly record: () => BootRecord;
  readonly families: () => readonly Family[];
  readonly experiment: string;
  /** What is wrong; undefined: nothing. */
  readonly problem: () => string | undefined;
  readonly notReady: () => string | undefined;
}

/** What is served on the port of the metrics. */
export function metricsRoutes(options: RoutesOptions): Readonly<Record<string, Route>> {
  const { record, families, experiment, problem, notReady } = options;

  function* exposition(format: TextFormat): Generator<string> {
    yield* classicText(record(), experiment, format);
    for (const family of families()) yield* familyText(family, format);
    yield format.end;
  }

  const readiness = healthRoute(notReady);
  return {
    '/metrics': ({ headers }, response) => {
      const format = formatFor(headers.accept);
      return streamText(response, format.contentType, exposition(format));
    },
    '/boot': (request, response) =>
      notReady() === undefined
        ? streamText(response, 'application/json', [JSON.stringify(recordJson(record()))])
        : readiness(request, response),
    '/healthz': healthRoute(problem),
    '/readyz': readiness,
  };
}
