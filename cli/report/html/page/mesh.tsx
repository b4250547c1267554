import type { MatrixReport } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { scaleOf, type Scale } from '../../../rtt/html/page/scale.ts';
import { measured } from '../../../rtt/html/page/measure.ts';
import { nodeMatrix, zoneMatrix, type Matrix } from '../../../rtt/matrix.ts';
import { verdictText } from '../../../rtt/verdict-text.ts';
import { counted, printable } from '../../../terminal/text.ts';

/** Of more nodes the zones are drawn, where there are any. */
const mostNodes = 60;

/** The mean round trip of every ordered pair, and what is at fault. */
export function Mesh({ report }: { readonly report: MatrixReport }) {
  const matrix = drawnMatrix(report);
  const scale = scaleOf(matrix, 'mean');
  const { verdicts, silent, atMs } = report;
  return (
    <>
      <p class="muted">
        Means of {report.windowMs / 1000} s by {report.protocol}, in {scale.unit}, from the{' '}
        {matrix.of} of the row to that of the column
      </p>
      {verdicts.length === 0 && silent.length === 0 && <p class="well">No fault found.</p>}
      <ul class="faults">
        {verdicts.map((verdict, index) => (
          <li key={index}>
            <bdi>{verdictText(verdict, { atMs, shown: printable })}</bdi>
          </li>
        ))}
        {silent.length > 0 && (
          <li>
            {counted(silent.length, 'pinger')} not heard:{' '}
            <bdi>{silent.map(printable).join(', ')}</bdi>
          </li>
        )}
      </ul>
      <div class="scroller" tabIndex={0} role="region" aria-label="Heat map">
        <table class="heat-map">
          <thead>
            <tr>
              <td />
              {matrix.members.map(({ name }, column) => (
                <th key={column} scope="col">
                  <bdi>{printable(name)}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.members.map(({ name }, row) => (
              <tr key={row}>
                <th scope="row">
                  <bdi>{printable(name)}</bdi>
                </th>
                {matrix.members.map((_, column) => (
                  <Cell key={column} matrix={matrix} place={{ row, column }} scale={scale} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface CellProps {
  readonly matrix: Matrix;
  readonly place: { readonly row: number; readonly column: number };
  readonly scale: Scale;
}

function Cell({ matrix, place: { row, column }, scale }: CellProps) {
  const cell = matrix.cellAt(row, column);
  if (cell === undefined || cell.sent === 0) return <td class="unmeasured" />;
  const value = measured(cell, 'mean');
  if (value === null) return <td class="all-lost">lost</td>;
  const lost = cell.lost > 0 ? ' some-lost' : '';
  return <td class={`heat${scale.heatOf(value)}${lost}`}>{scale.numberOf(value)}</td>;
}

function drawnMatrix(report: MatrixReport): Matrix {
  const byZone =
    report.pairs.length === 0 || (report.nodes.length > mostNodes && report.zonePairs.length > 0);
  return byZone ? zoneMatrix(report) : nodeMatrix(report);
}
