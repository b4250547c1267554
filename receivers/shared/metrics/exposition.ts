import type { ExponentialHistogram } from './exponential-histogram.ts';
import type { Family, Labels } from './families.ts';

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

export function header(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

/** `{from="a",to="b"}`; nothing for no labels. */
export function labelText(labels: Labels, last = ''): string {
  const parts = Object.entries(labels).map(
    ([key, value]) => `${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}="${escape(value)}"`,
  );
  if (last !== '') parts.push(last);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** A family in the text format, in pieces of one series each, so that whoever writes them may pause. */
export function* familyText(family: Family): Generator<string> {
  const name = prometheusName(family);
  if (family.points.length === 0) return;
  yield header(name, family.kind, family.description);
  if (family.kind === 'histogram')
    for (const { labels, value } of family.points) yield histogramText(name, labels, value);
  else
    for (const { labels, value } of family.points) yield `${name}${labelText(labels)} ${value}\n`;
}

function histogramText(name: string, labels: Labels, histogram: ExponentialHistogram): string {
  let below = histogram.zeros;
  let index = 0;
  let text = '';
  for (const exponent of exponents) {
    // Bucket i ends at 2^((i + 1) / 2^scale).
    const last = exponent * 2 ** histogram.scale - 1 - histogram.offset;
    for (; index <= last && index < histogram.counts.length; index++)
      below += histogram.counts[index] ?? 0;
    text += `${name}_bucket${labelText(labels, `le="${2 ** exponent}"`)} ${below}\n`;
  }
  const rest = labelText(labels);
  return (
    `${text}${name}_bucket${labelText(labels, 'le="+Inf"')} ${histogram.count}\n` +
    `${name}_sum${rest} ${histogram.sum}\n${name}_count${rest} ${histogram.count}\n`
  );
}
