import type { MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import { htmlDocument, type PageShell } from '../../html/document.ts';
import { utcTime } from '../../terminal/utc-time.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<path fill="#94d3b8" d="M1 1h6v6H1z"/><path fill="#3b92c2" d="M9 1h6v6H9zM1 9h6v6H1z"/>' +
  '<path fill="#10295e" d="M9 9h6v6H9z"/></svg>';

/** The page that draws a mesh as a heat map. */
export function htmlPage(report: MatrixReport, shell: PageShell): string {
  return htmlDocument(
    {
      title: `Round trips of ${report.nodes.length} nodes · ${utcTime(report.atMs)}`,
      icon,
      withoutScript:
        'This page draws a mesh with a script of its own, which this browser does not run.',
      dataId: 'report',
      data: report,
    },
    shell,
  );
}
