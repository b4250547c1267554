import { matrixReport, type MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';

export type ParsedReport =
  | { readonly kind: 'report'; readonly report: MatrixReport }
  | { readonly kind: 'invalid'; readonly problem: string };

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Checks that a value is what `GET /matrix` answers, and that its cells lie within its lists. */
export function parseReport(value: unknown): ParsedReport {
  const checked = matrixReport.safeParse(value);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => ({
      path,
      expected: message.replace(/^Invalid input: /, '').replace(/, received .*$/, ''),
    }));
    return { kind: 'invalid', problem: problemText(problems, value) };
  }
  const report = checked.data;
  const problems = [
    ...misplaced('pairs', report.pairs, report.nodes.length),
    ...misplaced('zonePairs', report.zonePairs, report.zones.length),
  ];
  return problems.length === 0
    ? { kind: 'report', report }
    : { kind: 'invalid', problem: problemText(problems, value) };
}

function misplaced(list: string, cells: MatrixReport['pairs'], places: number): Problem[] {
  return cells.flatMap(({ from, to, sent, lost }, index) => {
    const beyond = from >= places ? 'from' : to >= places ? 'to' : undefined;
    if (beyond !== undefined) {
      return [{ path: [list, index, beyond], expected: `expected a place below ${places}` }];
    }
    return lost > sent
      ? [{ path: [list, index, 'lost'], expected: `expected at most the ${sent} that were sent` }]
      : [];
  });
}

/** The first problem: where, what was expected, what came; and how many there are besides. */
function problemText(problems: readonly Problem[], value: unknown): string {
  const [first] = problems;
  const path = first?.path ?? [];
  const where = path.length === 0 ? '' : `at ${pathText(path)} `;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${where}${first?.expected ?? ''}, got ${shown(valueAt(value, path))}${more}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

const longestShown = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}...`;
}
