import type { ExponentialHistogram } from './exponential-histogram.ts';
import type { Family, Point } from './families.ts';
import { header, labelText, type TextFormat } from './text-format.ts';

/** Bounds on which the buckets of an exponential histogram end exactly: from 1 us to 16 s. */
const exponents = Array.from({ length: 25 }, (_, index) => index - 20);

/** The name that Prometheus gives a metric of OpenTelemetry. */
export function prometheusName({
  name,
  unit,
  kind,
}: Pick<Family, 'name' | 'unit' | 'kind'>): string {
  const plain = name.replaceAll('.', '_');
  const withUnit = unit === 's' ? `${plain}_seconds` : unit === '1' ? `${plain}_ratio` : plain;
  return kind === 'counter' ? `${withUnit}_total` : withUnit;
}

/** A family in the text format; nothing for one without series. */
export function* familyText(family: Family, format: TextFormat): Generator<string> {
  const name = prometheusName(family);
  const described = family.kind === 'counter' ? format.counterName(name) : name;
  let begun = false;
  for (const text of seriesTexts(family, name, format)) {
    if (!begun) yield header(described, family.kind, format.help(family.description));
    begun = true;
    yield text;
  }
}

function* seriesTexts(family: Family, name: string, format: TextFormat): Generator<string> {
  if (family.kind === 'histogram')
    for (const point of family.points) yield histogramText(name, point, format);
  else
    for (const { labels, value, exemplar } of family.points) {
      const shown =
        exemplar === undefined || family.kind === 'gauge' ? '' : format.exemplar(exemplar);
      yield `${name}${labelText(labels)} ${value}${shown}\n`;
    }
}

function histogramText(
  name: string,
  { labels, value: histogram, exemplar }: Point<ExponentialHistogram>,
  format: TextFormat,
): string {
  const rest = labelText(labels);
  const begin = rest === '' ? '{' : `${rest.slice(0, -1)},`;
  let left = exemplar;
  let below = histogram.zeros;
  let index = 0;
  let text = '';
  const bucket = (bound: number, count: number): void => {
    const shown = left !== undefined && left.value <= bound ? format.exemplar(left) : '';
    if (shown !== '') left = undefined;
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : format.bound(bound);
    text += `${name}_bucket${begin}le="${le}"} ${count}${shown}\n`;
  };
  for (const exponent of exponents) {
    // Bucket i ends at 2^((i + 1) / 2^scale).
    const last = exponent * 2 ** histogram.scale - 1 - histogram.offset;
    for (; index <= last && index < histogram.counts.length; index++)
      below += histogram.counts[index] ?? 0;
    bucket(2 ** exponent, below);
  }
  bucket(Number.POSITIVE_INFINITY, histogram.count);
  return `${text}${name}_sum${rest} ${histogram.sum}\n${name}_count${rest} ${histogram.count}\n`;
}
