import {
  mostConvicted,
  mostLetters,
  mostProtocolLetters,
  mostRows,
  stretchesKept,
} from '../../shared/mesh/tally-limits.ts';
import type { TallyReport } from '../../shared/mesh/tally-report.ts';

export type CheckedTally =
  | { readonly kind: 'sound'; readonly report: TallyReport }
  /** The first thing that is wrong. */
  | { readonly kind: 'wrong'; readonly where: string };

const rowLength = 8;

/**
 * Checks what a pinger answered against the contract, the schema in shared/mesh/tally-report.ts. By hand: thousands of pingers
 * answer every few seconds, and this takes a seventh of the time.
 */
export function checkTally(value: unknown): CheckedTally {
  const where = isObject(value) ? problemOf(value) : 'expected an object';
  return where === undefined
    ? { kind: 'sound', report: value as TallyReport }
    : { kind: 'wrong', where };
}

type Fields = Readonly<Record<string, unknown>>;

function problemOf(report: Fields): string | undefined {
  const { version, protocol, source, full, intervalMs, destinations, stretches, convicted } =
    report;
  if (version !== 1) return 'version: expected 1';
  if (!isText(protocol, mostProtocolLetters)) return 'protocol: expected a short text';
  if (!isPlace(source)) return 'source: expected a place';
  if (typeof full !== 'boolean') return 'full: expected true or false';
  if (!isAmount(intervalMs) || intervalMs === 0) return 'intervalMs: expected more than 0';
  if (!isList(destinations, mostRows) || !destinations.every(isPlace))
    return `destinations: expected places, ${mostRows} at most`;
  if (!isList(convicted, mostConvicted) || !convicted.every(isCount))
    return `convicted: expected counts, ${mostConvicted} at most`;
  if (!isList(stretches, stretchesKept)) return `stretches: expected ${stretchesKept} at most`;
  const wrong = stretches.findIndex((stretch) => !isStretch(stretch));
  return wrong < 0 ? undefined : `stretches.${wrong}: expected a number and rows`;
}

function isStretch(value: unknown): boolean {
  if (!isObject(value) || !isCount(value['number'])) return false;
  const { rows } = value;
  return isList(rows, mostRows) && rows.every(isRow);
}

/** destination, sent, lost, timed, sumS, minS, maxS, lastS */
function isRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== rowLength) return false;
  const row = value as readonly unknown[];
  return (
    isCount(row[0]) &&
    isCount(row[1]) &&
    isCount(row[2]) &&
    isCount(row[3]) &&
    isAmount(row[4]) &&
    (row[5] === null || isAmount(row[5])) &&
    (row[6] === null || isAmount(row[6])) &&
    (row[7] === null || isAmount(row[7]))
  );
}

function isPlace(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value['node'], mostLetters) &&
    isText(value['zone'], mostLetters) &&
    isText(value['rack'], mostLetters) &&
    isText(value['namespace'], mostLetters) &&
    isText(value['pod'], mostLetters)
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown, most: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most;
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** JSON has numbers that are infinite to us. */
function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}
