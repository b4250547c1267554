import type { FailOverResult, PhaseStatistics, ProbeReport, ProbeResult } from './report.ts';

function seconds(value: number | null): string {
  if (value === null) return '-';
  return value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(3)} s`;
}

/** Columns padded to their widest cell; the first is left-aligned, the others are numbers. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths?.[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function oneProbe(result: ProbeResult): string {
  const rows = result.phases.map((phase) => [
    phase.phase,
    phase.outcome === 'ok' ? seconds(phase.seconds) : phase.outcome,
    phase.outcome === 'ok' ? `+/- ${seconds(phase.uncertaintySeconds)}` : (phase.reason ?? ''),
    phase.source,
  ]);
  return table([['phase', 'duration', 'uncertainty', 'clock'], ...rows]);
}

function statistics(phases: readonly PhaseStatistics[]): string {
  const rows = phases.map((each) => [
    each.phase,
    String(each.count),
    String(each.failed),
    ...[each.min, each.median, each.p95, each.max].map(seconds),
  ]);
  return table([['phase', 'count', 'failed', 'min', 'median', 'p95', 'max'], ...rows]);
}

function failures(probes: readonly ProbeResult[]): string[] {
  return probes
    .filter((each) => each.outcome === 'failed')
    .map((each) => `failed: ${each.pod}: ${each.reason}: ${each.message} (trace ${each.traceId})`);
}

function limitLine({ phase, limitSeconds, p95, kept }: FailOverResult): string {
  const limit = `limit ${seconds(limitSeconds)}`;
  if (p95 === null) return `fail-over: ${phase} not measured, ${limit}: failed`;
  return `fail-over: ${phase} p95 ${seconds(p95)}, ${limit}: ${kept ? 'kept' : 'exceeded'}`;
}

function missing(report: ProbeReport): string[] {
  const { asked, interrupted, outcomes, probes, probesNotListed } = report;
  const finished = outcomes.ok + outcomes.failed;
  return [
    ...(interrupted ? [`interrupted: ${finished} of ${asked} probes were run`] : []),
    ...(probesNotListed > 0
      ? [`phases and limits are over the last ${probes.length} of ${finished} probes`]
      : []),
  ];
}

function exportLine(report: ProbeReport): string[] {
  const { exporting, spans, problems } = report.telemetry;
  if (!exporting || problems.length === 0) return [];
  return [
    `telemetry: ${spans.dropped} of ${spans.ended} spans not delivered: ${problems.join('; ')}`,
  ];
}

/** The report as text for people: one probe in detail, several as statistics. */
export function formatReport(report: ProbeReport): string {
  const [only, ...others] = report.probes;
  const single = only !== undefined && others.length === 0;
  const title = single
    ? [`pod ${only.namespace}/${only.pod} on ${only.node ?? 'no node'}`, `trace ${only.traceId}`]
    : [`${report.outcomes.ok} probes succeeded, ${report.outcomes.failed} failed`];
  const body = single ? oneProbe(only) : statistics(report.phases);
  const lines = [
    ...title,
    '',
    body,
    '',
    ...failures(report.probes),
    ...missing(report),
    ...report.failOver.map(limitLine),
    ...exportLine(report),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
