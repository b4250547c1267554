import { htmlDocument, type PageShell } from '../../html/document.ts';
import { utcTime } from '../../terminal/utc-time.ts';
import type { ClusterReport } from '../cluster-report.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<path fill="#2f6fd0" d="M1 9h3v6H1z"/><path fill="#2e8555" d="M6 5h3v10H6z"/>' +
  '<path fill="#b26a00" d="M11 1h3v14h-3z"/></svg>';

/** The page that tells of a cluster. */
export function htmlPage(report: ClusterReport, shell: PageShell): string {
  return htmlDocument(
    {
      title: `Latency of a cluster · ${utcTime(report.atMs)}`,
      icon,
      withoutScript:
        'This page draws a report with a script of its own, which this browser does not run.',
      dataId: 'report',
      data: report,
    },
    shell,
  );
}
