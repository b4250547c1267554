import type { BootRecord } from '../boot-record.ts';
import { classicJson, recordJson } from './json.ts';
import { markdownChart, type ChartOptions } from './markdown.ts';
import { unresolvedText } from './unresolved.ts';

export interface ChartTextOptions extends ChartOptions {
  readonly output: 'markdown' | 'json';
  /** Below the table, what did not happen; the JSON has it in any case but the classic one. */
  readonly showUnresolved: boolean;
}

/** A boot as it is printed. */
export function chartText(record: BootRecord, options: ChartTextOptions): string {
  const { output, classic, showUnresolved } = options;
  if (output === 'json')
    return classic ? classicJson(record) : JSON.stringify(recordJson(record), undefined, 4);
  const chart = markdownChart(record, options);
  const unresolved = showUnresolved ? unresolvedText(record.measurement) : '';
  return unresolved === '' ? chart : `${chart}\n\n${unresolved}`;
}
