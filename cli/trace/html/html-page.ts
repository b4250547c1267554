import { podRoot } from './page/phases.ts';
import { titleOf } from './page/title.ts';
import { traceModel } from './page/trace-model.ts';
import type { Trace } from '../model.ts';
import { escapeHtml, hashSource, inertJson } from './inert.ts';
import type { PageShell } from './page-shell.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<path fill="#2f6fd0" d="M1 2h14v3H1z"/><path fill="#2e8555" d="M3 7h7v3H3z"/>' +
  '<path fill="#b26a00" d="M9 12h6v3H9z"/></svg>';

/**
 * One HTML page that draws a trace and needs nothing beside itself: no network, no other file. Nothing in the trace is
 * taken for markup or script, and the page's policy allows its own script and style sheet alone.
 */
export function htmlPage(trace: Trace, { script, style }: PageShell): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashSource(script)}`,
    `style-src ${hashSource(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const { rows } = traceModel(trace);
  const title = `${titleOf(podRoot(rows) ?? rows[0])} · trace ${trace.traceId}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="kube-latency">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<style>${style}</style>
</head>
<body>
<noscript><p>This page draws a trace with a script of its own, which this browser does not run.</p></noscript>
<div id="page"></div>
<script type="application/json" id="trace">${inertJson(trace)}</script>
<script>${script}</script>
</body>
</html>`;
}
