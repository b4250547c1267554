import assert from 'node:assert/strict';
import type { PageShell } from '../../../../../cli/html/document.ts';
import { htmlPage } from '../../../../../cli/rtt/html/html-page.ts';
import { pageShell } from '../../../../../cli/rtt/html/page-shell.ts';
import { meshReport } from '../../../../support/mesh-report.ts';

const evil = '</script><img src=x onerror=alert(1)>';

describe('htmlPage() of a mesh', () => {
  const report = meshReport({ nodes: 3, nameOf: (index) => `${evil}${index}`, zoneOf: () => evil });
  let shell: PageShell;
  let page: string;

  before(async () => {
    shell = await pageShell();
    page = htmlPage(report, shell);
  });

  it('holds the report as it was', () => {
    const [, data = ''] =
      /<script type="application\/json" id="report">(.*)<\/script>/.exec(page) ?? [];

    assert.deepEqual(JSON.parse(data), report);
  });

  it('takes nothing of the report for markup', () => {
    assert.equal(page.split(evil).length, 1);
    assert.equal(page.match(/<script/g)?.length, 2);
    assert.equal(page.match(/<img/g), null);
  });

  it('is below 80 kB without its report', () => {
    const bytes = Buffer.byteLength(htmlPage(meshReport({ nodes: 0 }), shell));

    assert.ok(bytes < 80_000, `${bytes} bytes`);
  });

  it('names no address that it could load something from', () => {
    assert.doesNotMatch(shell.style, /url\(|@import/);
    assert.doesNotMatch(shell.script, /<\/script|<!--/i);
  });
});
