import { htmlDocument, type PageShell } from '../../html/document.ts';
import type { Trace } from '../model.ts';
import { podRoot } from './page/phases.ts';
import { titleOf } from './page/title.ts';
import { traceModel } from './page/trace-model.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<path fill="#2f6fd0" d="M1 2h14v3H1z"/><path fill="#2e8555" d="M3 7h7v3H3z"/>' +
  '<path fill="#b26a00" d="M9 12h6v3H9z"/></svg>';

/** The page that draws a trace. */
export function htmlPage(trace: Trace, shell: PageShell): string {
  const { rows } = traceModel(trace);
  return htmlDocument(
    {
      title: `${titleOf(podRoot(rows) ?? rows[0])} · trace ${trace.traceId}`,
      icon,
      withoutScript:
        'This page draws a trace with a script of its own, which this browser does not run.',
      dataId: 'trace',
      data: trace,
    },
    shell,
  );
}
