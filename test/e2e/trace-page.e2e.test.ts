import assert from 'node:assert/strict';
import { isFailed, nameOf } from '../../cli/trace/drawing.ts';
import type { Trace } from '../../cli/trace/model.ts';
import { treeRows } from '../../cli/trace/tree.ts';
import type { OpenedPage } from '../support/browser.ts';
import { kubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { recordedTrace } from '../support/recorded-trace.ts';
import { activeRow, axisLabels, drawnRows, tracePages } from '../support/trace-page.ts';

const phases = [
  'create-pod',
  'wait-for-pod',
  'schedule',
  'start',
  'ready',
  'first-packet',
  'update-pod',
  'cleanup',
];

describe('the page of a trace', function () {
  this.timeout(60_000);
  const pages = tracePages();
  let trace: Trace;
  let failing: Trace;
  let opened: OpenedPage;

  before(async () => {
    trace = await recordedTrace('probed-pod');
    failing = await recordedTrace('failed-image-pull');
  });

  beforeEach(async () => {
    opened = await pages.open(trace);
  });

  afterEach(() => {
    assert.deepEqual(opened.problems, [], 'requests, errors or refusals of the page');
  });

  it('says whose trace it is, how long and how much', async () => {
    const { page } = opened;
    const heading = await page.locator('header').innerText();

    for (const text of [
      'probe-171e9cfae70c73a1',
      '8.19 s',
      '257 spans',
      '5 services',
      trace.traceId,
    ])
      assert.ok(heading.includes(text), `${text} in ${heading}`);
    assert.match(await page.title(), /^probe-171e9cfae70c73a1 · trace /);
  });

  it('says that the pod failed, and why', async () => {
    opened = await pages.open(failing);

    assert.match(await opened.page.locator('header').innerText(), /8 failed: image_pull/);
  });

  it('leads the keyboard to every span, in the order of the terminal', async () => {
    const { page, press } = opened;
    await page.locator('#tree').focus();
    const reached: string[] = [];

    for (let count = 0; count < trace.spans.length; count += 1) {
      reached.push((await activeRow(page)).name);
      await press('ArrowDown');
    }

    assert.deepEqual(
      reached,
      treeRows(trace.spans).map(({ span }) => nameOf(span)),
    );
  });

  it('brings the span that a key leads to into view, below the phases and the axis', async () => {
    const { page, press } = opened;
    await page.locator('#tree').focus();

    for (const key of ['End', 'PageUp', 'Home', 'PageDown', 'PageDown', 'ArrowUp']) {
      await press(key);
      const { id } = await activeRow(page);
      const row = await page.locator(`#${id}`).boundingBox();
      const heads = await page.locator('.heads').boundingBox();
      assert.ok(row && heads, `boxes after ${key}`);
      assert.ok(row.y >= heads.y + heads.height - 1, `${key}: ${row.y} is below ${heads.y}`);
      assert.ok(row.y + row.height <= 801, `${key}: ${row.y} is in the window`);
    }
  });

  it('has the phases on top, in their order and on the axis of the spans', async () => {
    const { page } = opened;
    const segments = page.locator('.segment button');
    const labels = await segments.allInnerTexts();

    assert.deepEqual(
      labels.map((label) => label.split(' ')[0]),
      phases,
    );
    for (const segment of await segments.all()) {
      const id = await segment.getAttribute('data-index');
      await segment.click();
      await opened.drawn();
      const box = await segment.locator('.fill').boundingBox();
      const bar = await page.locator(`#span-${id}`).locator('.bar, .instant').boundingBox();
      const axis = await page.locator('.heads').boundingBox();
      assert.ok(box && bar && axis, `boxes of ${id}`);
      assert.ok(
        box.y + box.height <= axis.y,
        `phase ${id} at ${box.y} to ${box.y + box.height}, the axis at ${axis.y}`,
      );
      assert.ok(Math.abs(box.x - bar.x) <= 4, `${id} begins at ${box.x}, its span at ${bar.x}`);
      const [end, barEnd] = [box.x + box.width, bar.x + bar.width];
      assert.ok(Math.abs(end - barEnd) <= 4, `${id} ends at ${end}, its span at ${barEnd}`);
    }
  });

  it('narrows to what the filter asks for, and back', async () => {
    const { page, press, type } = opened;
    const expected = trace.spans.filter(({ name }) => name.includes('RunPodSandbox')).length;
    assert.ok(expected > 0);

    await press('/');
    await type('runpodsandbox');

    const rows = await drawnRows(page);
    const fitting = rows.filter(({ way }) => !way);
    assert.equal(fitting.length, expected);
    assert.ok(fitting.every(({ name }) => name.includes('RunPodSandbox')));
    assert.ok(rows.length < 12, `${rows.length} rows`);
    assert.equal(await page.locator('.fitting').innerText(), `${expected} of 257`);
    await press('Escape');
    assert.equal(await page.locator('#tree').getAttribute('aria-rowcount'), '258');
  });

  it('finds a span by an attribute', async () => {
    const { page, press } = opened;

    await press('/');
    await page.keyboard.insertText('audit-id=');
    await opened.drawn();

    const expected = trace.spans.filter(({ attributes }) => 'audit-id' in attributes).length;
    assert.equal(await page.locator('.fitting').innerText(), `${expected} of 257`);
  });

  it('leaves out a service, and takes it in again', async () => {
    const { page, drawn } = opened;
    const count = () => page.locator('#tree').getAttribute('aria-rowcount');
    const etcd = page.locator('.services button', { hasText: 'etcd' });

    await etcd.click();
    await drawn();

    assert.equal(await etcd.getAttribute('aria-pressed'), 'false');
    const left = trace.spans.filter(({ service }) => service !== 'etcd').length;
    assert.equal(await page.locator('.fitting').innerText(), `${left} of 257`);
    await etcd.click();
    await drawn();
    assert.equal(await count(), '258');
  });

  it('shows what failed alone', async () => {
    opened = await pages.open(failing);
    const { page, drawn } = opened;

    await page.getByRole('button', { name: 'Only failed' }).click();
    await drawn();

    const fitting = (await drawnRows(page)).filter(({ way }) => !way);
    assert.deepEqual(
      fitting.map(({ name }) => name),
      treeRows(failing.spans)
        .filter(({ span }) => isFailed(span))
        .map(({ span }) => nameOf(span)),
    );
  });

  it('zooms with keys, and shows the whole again', async () => {
    const { page, press } = opened;
    const whole = await axisLabels(page);
    await page.locator('#tree').focus();

    await press('+', '+');
    const zoomed = await axisLabels(page);
    await press('Shift+ArrowRight');
    const moved = await axisLabels(page);
    await press('0');

    assert.deepEqual(whole, ['0', '2 s', '4 s', '6 s', '8 s']);
    assert.deepEqual(zoomed, ['3.5 s', '4.0 s', '4.5 s', '5.0 s']);
    assert.deepEqual(moved, ['4.0 s', '4.5 s', '5.0 s', '5.5 s']);
    assert.deepEqual(await axisLabels(page), whole);
  });

  it('zooms to what is marked on the axis, and with the wheel', async () => {
    const { page, drawn } = opened;
    const axis = await page.locator('.axis').boundingBox();
    assert.ok(axis);
    const at = (seconds: number) => axis.x + (axis.width * seconds) / 8.19;
    await page.mouse.move(at(4.05), axis.y + 10);
    await page.mouse.down();
    await page.mouse.move(at(3.5), axis.y + 12);
    await page.mouse.move(at(2.05), axis.y + 14);
    await page.mouse.up();
    await drawn();
    const marked = await axisLabels(page);
    const moved = await page.locator('.axis').boundingBox();

    await page.mouse.wheel(0, 200);
    await eventually(
      async () =>
        assert.equal((await axisLabels(page)).join(' '), '2.0 s 2.5 s 3.0 s 3.5 s 4.0 s 4.5 s'),
      { withinMs: 5000, everyMs: 50 },
    );
    await page.mouse.dblclick(at(5), axis.y + 10);
    await drawn();

    assert.equal(moved?.y, axis.y, 'the axis stays where it is');
    assert.deepEqual(marked, ['2.5 s', '3.0 s', '3.5 s', '4.0 s']);
    assert.deepEqual(await axisLabels(page), ['0', '2 s', '4 s', '6 s', '8 s']);
  });

  it('collapses and expands with arrows', async () => {
    const { page, press } = opened;
    const count = () => page.locator('#tree').getAttribute('aria-rowcount');
    await page.locator('#tree').focus();

    await press('ArrowDown', 'ArrowLeft');

    const collapsed = await activeRow(page);
    assert.equal(collapsed.name, 'prober.create-pod');
    assert.equal(collapsed.expanded, 'false');
    assert.ok(Number(await count()) < 258, `${await count()}`);
    await press('ArrowRight', 'ArrowRight');
    assert.equal((await activeRow(page)).level, 3);
    assert.equal(await count(), '258');
    await press('ArrowLeft', 'ArrowLeft');
    assert.equal((await activeRow(page)).name, 'prober.create-pod');
  });

  it('tells all about a span in its details', async () => {
    const { page, press } = opened;
    const create = trace.spans.find(({ name }) => name === 'prober.create-pod');
    assert.ok(create);
    await page.locator('#tree').focus();

    await press('ArrowDown', 'Enter');

    const details = await page.getByRole('complementary').innerText();
    for (const [key, value] of Object.entries(create.attributes)) {
      const told = key.replace(/^(resource|kube_latency)\./, '');
      assert.ok(details.includes(told), `${told} in ${details}`);
      assert.ok(details.includes(String(value)), `${String(value)} in ${details}`);
    }
    for (const text of ['32.3 ms', create.spanId, '2026-11-21 09:37:53.916622 UTC'])
      assert.ok(details.includes(text), `${text} in ${details}`);
    await page.getByRole('button', { name: 'prober.main', exact: true }).click();
    await opened.drawn();
    assert.equal((await activeRow(page)).name, 'prober.main');
    await press('Escape');
    assert.equal(await page.getByRole('complementary').count(), 0);
  });

  it('follows a link to the span that a joined span was copied from', async () => {
    const { page, drawn } = opened;
    const joined = treeRows(trace.spans).findIndex(({ span }) => span.links.length > 0);
    const link = treeRows(trace.spans)[joined]?.span.links[0];
    assert.ok(link);

    await page.locator(`#span-${joined} .name`).click();
    await drawn();

    const links = await page.locator('.links').innerText();
    assert.ok(links.includes(link.traceId) && links.includes(link.spanId), links);
  });

  it('copies an id', async () => {
    const { page } = opened;

    await page.getByRole('button', { name: 'Copy the trace id' }).click();

    await page.getByText('Copied the trace id').waitFor({ state: 'attached', timeout: 5000 });
    await page.locator('#filter').focus();
    await page.keyboard.press('Control+V');
    assert.equal(await page.locator('#filter').inputValue(), trace.traceId);
  });

  it('tells about the span under the pointer', async () => {
    const { page, drawn } = opened;

    await page.locator('#span-1 .bar').hover();
    await drawn();

    assert.match(
      await page.locator('.tooltip').innerText(),
      /prober\.create-pod.*pod-prober.*32\.3 ms/s,
    );
    await page.keyboard.press('Escape');
    await drawn();
    assert.equal(await page.locator('.tooltip').count(), 0);
  });

  it('helps with its keys', async () => {
    const { page, press } = opened;

    await press('?');
    const help = page.getByRole('dialog');
    assert.match(await help.innerText(), /zoom to the span/);
    await press('Escape');

    assert.equal(await help.isVisible(), false);
  });

  it('is a tree grid to who does not see it', async () => {
    const { page } = opened;
    const grid = page.getByRole('treegrid', { name: 'Spans' });
    const row = grid.getByRole('row').nth(2);

    assert.equal(await grid.getAttribute('aria-rowcount'), '258');
    assert.equal(await row.getAttribute('aria-level'), '2');
    assert.equal(await row.getAttribute('aria-posinset'), '1');
    assert.equal(await row.getAttribute('aria-setsize'), '5');
    assert.match(await row.ariaSnapshot(), /prober\.create-pod.*pod-prober.*32\.3 ms long/s);
  });
});

describe('kube-latency trace --output html', function () {
  this.timeout(120_000);
  const pages = tracePages();

  it('writes the page of the newest probe of the cluster', async function () {
    if ((await kubeLatency(['status'])).code !== 0) this.skip();
    const path = pages.path('last.html');
    const json = await kubeLatency(['trace', 'last', '--output', 'json']);
    const { traceId, spans } = JSON.parse(json.stdout) as Trace;

    const written = await kubeLatency(['trace', traceId, '--output', 'html', '--file', path]);

    assert.equal(written.code, 0, written.stderr);
    assert.equal(written.stdout, '');
    assert.ok(written.stderr.includes(path), written.stderr);
    const { page, problems } = await pages.openFile(path);
    const rows = Number(await page.locator('#tree').getAttribute('aria-rowcount')) - 1;
    assert.ok(rows >= spans.length, `${rows} rows of ${spans.length} spans`);
    const labels = await page.locator('.segment').allInnerTexts();
    assert.ok(
      labels.some((label) => label.includes('schedule')),
      labels.join(),
    );
    assert.deepEqual(problems, []);
  });
});
