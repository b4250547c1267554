import type { Exemplar } from './exemplar.ts';
import type { Labels } from './families.ts';

/** How one text format of metrics differs from the other. */
export interface TextFormat {
  readonly contentType: string;
  /** The name by which a counter is described; its series end in `_total`. */
  readonly counterName: (seriesName: string) => string;
  readonly help: (text: string) => string;
  /** An upper bound of a bucket, as the clients in Go write it. */
  readonly bound: (value: number) => string;
  /** What follows the value of a series. */
  readonly exemplar: (exemplar: Exemplar) => string;
  /** The last line. */
  readonly end: string;
}

const plainHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/**
 * The shortest text of a number as Go's clients write it, strconv.FormatFloat(value, 'g', -1, 64): `1e-05`. A label is compared
 * as text, so that another form would be another series.
 */
function asGoDoes(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Prometheus' own, which has no exemplars. */
export const prometheusText: TextFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  counterName: (name) => name,
  help: plainHelp,
  bound: asGoDoes,
  exemplar: () => '',
  end: '',
};

/** https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const openMetricsText: TextFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  counterName: (name) => name.replace(/_total$/, ''),
  help: (text) => plainHelp(text).replaceAll('"', '\\"'),
  bound: (value) => {
    const text = asGoDoes(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  },
  exemplar: ({ traceId, spanId, value, atMs }) =>
    ` # {trace_id="${traceId}",span_id="${spanId}"} ${value} ${atMs / 1000}`,
  end: '# EOF\n',
};

/** OpenMetrics for those who like it at least as much as plain text. */
export function formatFor(accept = ''): TextFormat {
  const weights = accept.split(',').map((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((part) => part.startsWith('q='))?.slice(2) ?? '1';
    return { type, weight: Number(quality) };
  });
  const best = (wanted: string): number =>
    Math.max(0, ...weights.filter(({ type }) => type === wanted).map(({ weight }) => weight));
  const open = best('application/openmetrics-text');
  return open > 0 && open >= best('text/plain') ? openMetricsText : prometheusText;
}

/** The lines before the series; the help as the format wants it. */
export function header(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
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
