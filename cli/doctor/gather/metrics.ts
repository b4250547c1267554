import { hidden, seen, type CollectorCounters, type Seen } from '../facts.ts';

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** What a collector with a queue counts of itself, from its metrics as Prometheus reads them. */
export function countersOf(text: string): Seen<CollectorCounters> {
  const samples = samplesOf(text);
  if (!samples.some(({ name }) => name === 'otelcol_exporter_queue_capacity')) {
    return hidden('what answers for its metrics is no collector with a queue');
  }
  const named = (name: string): Sample[] =>
    samples.filter((sample) => sample.name.replace(/_total$/, '') === name);
  const failed = ['otelcol_exporter_send_failed_spans', 'otelcol_exporter_enqueue_failed_spans']
    .flatMap(named)
    .map(({ labels, value }) => [labelOf(labels, 'exporter'), value] as const);
  const sums = new Map<string, number>();
  for (const [exporter, value] of failed) sums.set(exporter, (sums.get(exporter) ?? 0) + value);
  const capacities = new Map(
    named('otelcol_exporter_queue_capacity').map(({ labels, value }) => [queueOf(labels), value]),
  );
  const shares = named('otelcol_exporter_queue_size').map(({ labels, value }) => {
    const capacity = capacities.get(queueOf(labels)) ?? 0;
    return capacity > 0 ? value / capacity : 0;
  });
  return seen({
    refusedSpans: named('otelcol_receiver_refused_spans').reduce(
      (sum, { value }) => sum + value,
      0,
    ),
    failedSpans: sums,
    queueShare: Math.max(0, ...shares),
  });
}

/** The version that a program tells in its metrics, or null. */
export function versionOf(text: string): string | null {
  const info = samplesOf(text).find(({ name }) => name === 'target_info');
  const version = labelOf(info?.labels ?? '', 'service_version');
  return version === '' ? null : version;
}

function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value = ''] = match;
    return [{ name, labels, value: Number(value) }];
  });
}

function queueOf(labels: string): string {
  return `${labelOf(labels, 'exporter')} ${labelOf(labels, 'data_type')}`;
}

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}
