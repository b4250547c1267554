import { parseReport } from '../parse-report.ts';
import type { ReadReport } from './report-source.ts';

/** A report of what was read, by its JSON. */
export function understandText(text: string, asked: string): ReadReport {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    const begin = JSON.stringify(text.slice(0, 40));
    const problem = `${asked}: expected the JSON of a mesh's matrix, as kube-latency rtt --json prints it, got ${text === '' ? 'nothing' : begin}`;
    return { kind: 'failed', problem };
  }
  return understand(raw, asked);
}

/** A report of what was read. */
export function understand(raw: unknown, asked: string): ReadReport {
  const parsed = parseReport(raw);
  return parsed.kind === 'report'
    ? { kind: 'read', report: parsed.report, raw }
    : {
        kind: 'failed',
        problem: `${asked}: expected the JSON of a mesh's matrix, as kube-latency rtt --json prints it: ${parsed.problem}`,
      };
}
