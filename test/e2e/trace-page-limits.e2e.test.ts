import assert from 'node:assert/strict';
import { printable } from '../../cli/terminal/text.ts';
import type { TraceSpan } from '../../cli/trace/model.ts';
import { activeRow, axisLabels, drawnRows, tracePages } from '../support/trace-page.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const beginNs = 1_795_251_444_680_000_000n;

const hostile = [
  '</script><script>window.executed = 1</script>',
  '<img src=x onerror="window.executed = 1">',
  '"><svg onload=window.executed=1>',
  '<!--<script>window.executed = 1//',
  "');window.executed = 1;('",
  '${window.executed = 1}{{window.executed = 1}}',
  '<style>*{display:none}</style>',
  '</noscript></title></textarea><iframe src="javascript:parent.executed = 1">',
  '<a href="javascript:window.executed = 1">a</a>',
  '\u202etxt.exe\u2066 \u0627\u0644\u0639\u0631\u0628\u064a\u0629',
  '\u2028window.executed = 1\u2029\u0000\ud800',
  '__proto__',
  'constructor',
  '',
];

describe('the page of a trace that is odd, hostile or large', function () {
  this.timeout(60_000);
  const pages = tracePages();

  it('runs nothing that a trace brings along, and shows it as the text it is', async () => {
    const spans = hostile.map((text, index) =>
      span(index, index === 0 ? null : 0, {
        name: text,
        service: text,
        attributes: Object.fromEntries([
          [text, text],
          [`resource.${text}`, [text]],
          ['k8s.pod.name', text],
          ['error.type', text],
        ]),
        events: [{ name: text, timeUnixNano: String(beginNs), attributes: { [text]: text } }],
        links: [{ traceId: text, spanId: text }],
        status: { code: 'error', message: text },
      }),
    );
    const { page, problems, press } = await pages.open({ traceId, spans });
    await page.locator('#tree').focus();
    await press('Enter');

    for (const _ of hostile) {
      const { name } = await activeRow(page);
      const details = await page.getByRole('complementary').innerText();
      assert.ok(
        hostile.some((text) => (text === '' ? '(no name)' : printable(text)) === name),
        name,
      );
      assert.ok(details.includes(name), `${name} in ${details}`);
      await press('ArrowDown');
    }
    await page.locator('.row .bar').first().hover();
    await page.locator('.tooltip').waitFor({ timeout: 5000 });

    assert.equal(await page.evaluate('window.executed'), undefined);
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.locator('img, iframe, a, style:not(head style)').count(), 0);
    assert.deepEqual(problems, []);
  });

  it('is refused by its own policy what would come from elsewhere', async () => {
    const { page, problems } = await pages.open({ traceId, spans: [span(0, null)] });
    const reasons: (string | undefined)[] = [];
    page.on('requestfailed', (request) => reasons.push(request.failure()?.errorText));

    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.com/x.png' }))",
    );
    await page.evaluate("fetch('https://example.com/').catch(() => undefined)");

    const requests = problems.filter((problem) => problem.startsWith('request'));
    assert.match(problems.join('\n'), /Loading the image .* violates .*Content Security Policy/);
    assert.match(problems.join('\n'), /Connecting to .* violates .*Content Security Policy/);
    assert.deepEqual(
      reasons,
      requests.map(() => 'csp'),
    );
  });

  it('draws 10,000 spans, and stays quick', async () => {
    const spans = Array.from({ length: 10_000 }, (_, index) =>
      span(index, index === 0 ? null : Math.floor((index - 1) / 4), {
        service: `service ${index % 12}`,
        status: { code: index % 500 === 7 ? 'error' : 'unset', message: '' },
      }),
    );
    const startMs = performance.now();
    const { page, press, type, problems, drawn } = await pages.open({ traceId, spans });
    const openedMs = performance.now() - startMs;
    await page.locator('#tree').focus();

    assert.equal(await page.locator('#tree').getAttribute('aria-rowcount'), '10001');
    assert.ok((await drawnRows(page)).length < 120, `${(await drawnRows(page)).length} rows`);
    const last = await timed(() => press('End'));
    const end = await activeRow(page);
    await press('/');
    const filtered = await timed(() => type('span 9999'));
    assert.equal((await drawnRows(page)).filter(({ way }) => !way).length, 1);
    await press('Escape');
    const scrolled = await timed(async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        await page.mouse.move(600, 600);
        await page.mouse.wheel(0, 5000);
        await drawn();
      }
    });
    const inView = await page.locator('.rows .row').count();

    assert.match(end.name, /^span \d+$/);
    assert.ok(inView > 20, `${inView} rows in view`);
    assert.ok(openedMs < 8000, `opened in ${openedMs} ms`);
    assert.ok(last < 1000, `last span in ${last} ms`);
    assert.ok(filtered < 4000, `nine letters filtered in ${filtered} ms`);
    assert.ok(scrolled < 6000, `twenty turns of the wheel in ${scrolled} ms`);
    assert.deepEqual(problems, []);
  });

  it('draws a tree that is 10,000 levels deep', async () => {
    const spans = Array.from({ length: 10_000 }, (_, index) =>
      span(index, index === 0 ? null : index - 1),
    );
    const { page, press, problems } = await pages.open({ traceId, spans });
    await page.locator('#tree').focus();

    await press('End');

    const deepest = await activeRow(page);
    assert.deepEqual([deepest.name, deepest.level], ['span 9999', 10_000]);
    const box = await page.locator(`#${deepest.id} .name`).boundingBox();
    assert.ok(box && box.width > 40, 'its name can be read');
    assert.deepEqual(problems, []);
  });

  const odd: { title: string; spans: TraceSpan[]; rows: number; phases?: number }[] = [
    { title: 'no span', spans: [], rows: 0 },
    { title: 'one span', spans: [span(0, null)], rows: 1 },
    { title: 'one span without length', spans: [span(0, null, { lastsUs: 0 })], rows: 1 },
    {
      title: 'spans without their parents',
      spans: [span(1, 77), span(2, 78), span(3, 2)],
      rows: 3,
    },
    { title: 'a ring of parents', spans: [span(1, 2), span(2, 1)], rows: 2 },
    {
      title: 'a span that ends before it begins',
      spans: [span(0, null, { lastsUs: -50 })],
      rows: 1,
    },
    {
      title: 'times of 1970 beside those of today',
      spans: [span(0, null), { ...span(1, 0), startTimeUnixNano: '0', endTimeUnixNano: '1' }],
      rows: 2,
    },
    {
      title: 'a hundred containers',
      spans: [
        span(0, null, { name: 'pod.start-up' }),
        ...Array.from({ length: 100 }, (_, index) =>
          span(index + 1, 0, { name: `pod.container#${index}` }),
        ),
      ],
      rows: 101,
      phases: 40,
    },
  ];
  for (const { title, spans, rows, phases = 0 } of odd) {
    it(`draws ${title}`, async () => {
      const { page, press, problems } = await pages.open({ traceId, spans });
      await page.locator('#tree').focus();

      await press('Enter', 'z', '+', '-', '0', 'End', 'ArrowLeft', 'Escape');

      assert.equal(await page.locator('#tree').getAttribute('aria-rowcount'), String(rows + 1));
      assert.equal(await page.locator('.segment').count(), phases);
      assert.ok((await axisLabels(page)).length > 0);
      assert.deepEqual(problems, []);
    });
  }
});

async function timed(act: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

function span(
  index: number,
  parent: number | null,
  { lastsUs = 100, ...rest }: Partial<TraceSpan> & { readonly lastsUs?: number } = {},
): TraceSpan {
  const startNs = beginNs + BigInt(index) * 1000n;
  return {
    service: 'shop',
    name: `span ${index}`,
    kind: 'internal',
    spanId: idOf(index),
    parentSpanId: parent === null ? null : idOf(parent),
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(lastsUs) * 1000n),
    attributes: { number: index },
    events: [],
    links: [],
    status: { code: 'unset', message: '' },
    ...rest,
  };
}

function idOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}
