import { escapeHtml, hashSource, inertJson } from './inert.ts';

/** What every page of a kind has, whatever its data. */
export interface PageShell {
  readonly script: string;
  readonly style: string;
}

export interface PageContent {
  readonly title: string;
  /** An SVG. */
  readonly icon: string;
  /** Told where no script runs. */
  readonly withoutScript: string;
  /** The page's script finds the data, as JSON, in the element of this id. */
  readonly dataId: string;
  readonly data: unknown;
}

/**
 * One HTML page that needs nothing beside itself: no network, no other file. Nothing in its content is taken for markup or
 * script, and the page's policy allows its own script and style sheet alone.
 */
export function htmlDocument(content: PageContent, { script, style }: PageShell): string {
  const { title, icon, withoutScript, dataId, data } = content;
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
<noscript><p>${escapeHtml(withoutScript)}</p></noscript>
<div id="page"></div>
<script type="application/json" id="${escapeHtml(dataId)}">${inertJson(data)}</script>
<script>${script}</script>
</body>
</html>`;
}
