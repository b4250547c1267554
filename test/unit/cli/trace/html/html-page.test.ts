import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { htmlPage } from '../../../../../cli/trace/html/html-page.ts';
import type { PageShell } from '../../../../../cli/html/document.ts';
import { pageShell } from '../../../../../cli/trace/html/page-shell.ts';
import type { Trace } from '../../../../../cli/trace/model.ts';
import { span } from '../spans.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const evil = '</script><img src=x onerror=alert(1)>';

const trace: Trace = {
  traceId,
  spans: [
    span(1, null, [0, 900], { name: 'prober.main', attributes: { 'k8s.pod.name': evil } }),
    span(2, 1, [10, 20], { name: evil, service: evil, attributes: { [evil]: evil } }),
  ],
};

describe('htmlPage', () => {
  let shell: PageShell;
  let page: string;

  before(async () => {
    shell = await pageShell();
    page = htmlPage(trace, shell);
  });

  it('holds the trace as it was', () => {
    const [, json = ''] =
      /<script type="application\/json" id="trace">(.*)<\/script>/.exec(page) ?? [];

    assert.deepEqual(JSON.parse(json), trace);
  });

  it('takes nothing of the trace for markup', () => {
    assert.equal(page.split(evil).length, 1);
    assert.equal(page.match(/<script/g)?.length, 2);
    assert.equal(page.match(/<\/script/g)?.length, 2);
    assert.equal(page.match(/<img/g), null);
  });

  it('is named after the pod', () => {
    const [, title = ''] = /<title>(.*)<\/title>/.exec(page) ?? [];

    assert.match(title, /^&lt;\/script&gt;.* · trace 0af7651916cd43dd8448eb211c80319c$/);
  });

  it('allows its one script and its one style sheet, and nothing from anywhere', () => {
    const [, policy = ''] =
      /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page) ?? [];
    const allowed = policy.replaceAll('&#39;', "'").split('; ');
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');

    assert.deepEqual(allowed.slice(0, 3), [
      "default-src 'none'",
      `script-src 'sha256-${hash(shell.script)}'`,
      `style-src 'sha256-${hash(shell.style)}'`,
    ]);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  });

  it('is below 80 kB without its trace', () => {
    const bytes = Buffer.byteLength(htmlPage({ traceId, spans: [] }, shell));

    assert.ok(bytes < 80_000, `${bytes} bytes`);
  });

  it('names no address that it could load something from', () => {
    const markup = htmlPage({ traceId, spans: [] }, { script: '', style: '' });
    const addresses = [...markup.matchAll(/\b(?:src|href|action)="([^"]*)"/g)];

    assert.deepEqual(
      addresses.map(([, address = '']) => address.replace(/,.*/, '')),
      ['data:image/svg+xml'],
    );
    assert.doesNotMatch(shell.style, /url\(|@import/);
  });
});

describe('pageShell', () => {
  it('has a script that no text of its own ends', async () => {
    const { script, style } = await pageShell();

    assert.doesNotMatch(script, /<\/script|<!--/i);
    assert.doesNotMatch(style, /<\/style|<!--/i);
  });
});
