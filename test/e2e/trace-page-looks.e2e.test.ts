import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Trace, TraceSpan } from '../../cli/trace/model.ts';
import type { OpenedPage } from '../support/browser.ts';
import { colourOf } from '../support/page-colour.ts';
import { faintTexts } from '../support/page-contrast.ts';
import { groundsOf } from '../support/page-theme.ts';
import type { Picture } from '../support/png.ts';
import { recordedTrace } from '../support/recorded-trace.ts';
import { drawnRows, tracePages } from '../support/trace-page.ts';

const services = ['pod-prober', 'apiserver', 'etcd', 'kubelet', 'containerd'];
const schemes = ['light', 'dark'] as const;

describe('the looks of the page of a trace', function () {
  this.timeout(60_000);
  const pages = tracePages();
  let trace: Trace;
  let failing: Trace;

  before(async () => {
    trace = await recordedTrace('probed-pod');
    failing = await recordedTrace('failed-image-pull');
  });

  for (const colorScheme of schemes) {
    it(`shows each service in its own colour, where its spans are in time (${colorScheme})`, async () => {
      const opened = await pages.open(trace, { colorScheme });
      const ground = await colourOf(opened.page, 'main', 'background-color');
      const colours = new Map<string, string>();
      for (const service of services) {
        const { found, expected, colour } = await lookAtLongest(opened, trace, service);
        assert.ok(
          Math.abs(found.from - expected.from) <= 2,
          `${service} begins at ${found.from}, not at ${expected.from}`,
        );
        assert.ok(
          Math.abs(found.to - expected.to) <= 2,
          `${service} ends at ${found.to}, not at ${expected.to}`,
        );
        colours.set(service, colour);
      }

      assert.equal(new Set([...colours.values(), ground]).size, services.length + 1);
    });

    it(`has no text that is hard to read (${colorScheme})`, async () => {
      const { page, press, type } = await pages.open(failing, { colorScheme });
      await page.locator('#tree').focus();
      const looked = [await faintTexts(page, 4.5)];
      await press('Enter', 'z');
      looked.push(await faintTexts(page, 4.5));
      await press('/');
      await type('kubelet');
      looked.push(await faintTexts(page, 4.5));
      await page.locator('.services button', { hasText: 'etcd' }).click();
      await press('?');
      looked.push(await faintTexts(page, 4.5));

      assert.deepEqual(
        looked.flatMap(({ faint }) => faint),
        [],
      );
      assert.ok(
        looked.every(({ checked }) => checked > 20),
        looked.map(({ checked }) => checked).join(),
      );
    });
  }

  it('draws phases above the spans, each from its begin on', async () => {
    const { page, screenshot } = await pages.open(trace);
    const picture = await screenshot();
    const axis = await boxOf(page, '.axis');
    const colour = await colourOf(page, '.services .s0', 'fill');
    const shots = phasesOf(trace).map(async (span) => {
      const segment = page.locator('.segment', { hasText: span.name.replace(/^\w+\./, '') });
      const box = await segment.locator('.fill').boundingBox();
      assert.ok(box && box.y + box.height < axis.y, `${span.name} is above the axis`);
      return { span, found: columnsOf(picture, colour, box.y + box.height / 2, axis) };
    });

    for (const { span, found } of await Promise.all(shots)) {
      const expected = extentOf(span, trace, axis);
      assert.ok(
        found.some((x) => Math.abs(x - expected.from) <= 3),
        `${span.name} begins at ${expected.from}; its colour is at ${found.join()}`,
      );
    }
  });

  it('marks what failed by more than a colour', async () => {
    const { page } = await pages.open(failing);

    const failed = page.locator('.rows .row.failed');

    assert.ok((await failed.count()) > 0);
    for (const row of await failed.all()) assert.match(await row.innerText(), /✗/);
    assert.match(await page.locator('.segment.failed').first().innerText(), /✗ wait-for-pod/);
  });

  it('changes between light and dark', async () => {
    const grounds = await groundsOf(await pages.open(trace, { colorScheme: 'light' }));

    assert.deepEqual(grounds, ['#ffffff', '#181d26', '#ffffff']);
  });

  it('fits a narrow window', async () => {
    const { page, press } = await pages.open(trace, { width: 360, height: 740 });

    await press('ArrowDown', 'Enter');

    const wide = 'document.documentElement.scrollWidth';
    assert.ok((await page.evaluate<number>(wide)) <= 360);
    assert.ok((await boxOf(page, '.axis')).width > 120);
    assert.ok((await boxOf(page, '.chart')).height > 150);
    assert.ok((await boxOf(page, '.details')).width > 300);
  });

  it('is printed with all spans, on white', async () => {
    const { page, drawn } = await pages.open(trace, { colorScheme: 'dark' });

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await drawn();

    assert.equal((await drawnRows(page)).length, trace.spans.length);
    assert.equal(await colourOf(page, 'main', 'background-color'), '#ffffff');
    const { height } = await boxOf(page, '.chart');
    assert.ok(height > trace.spans.length * 26, `${height} px`);
    const pdf = await page.pdf({ printBackground: true });
    assert.ok(pdf.length > 20_000);
  });

  it('moves nothing for who wants no motion', async () => {
    const { page } = await pages.open(trace);
    const moving =
      "[...document.querySelectorAll('*')].filter((each) => getComputedStyle(each).transitionDuration !== '0s' || getComputedStyle(each).animationName !== 'none').length";

    await page.emulateMedia({ reducedMotion: 'reduce' });

    assert.equal(await page.evaluate<number>(moving), 0);
  });
});

/** Filters for the longest span of a service, and finds in a screenshot where it shows. */
async function lookAtLongest(
  { page, press, screenshot }: OpenedPage,
  trace: Trace,
  service: string,
) {
  const span = longestOf(trace, service);
  await page.locator('#filter').fill(span.spanId);
  await press('Escape', '/');
  await page.locator('#filter').fill(span.spanId);
  await press('Enter');
  const axis = await boxOf(page, '.axis');
  const row = page.locator('.rows .row:not(.way)');
  assert.equal(await row.count(), 1, `rows of ${span.spanId}`);
  const box = await row.boundingBox();
  assert.ok(box);
  const colour = await colourOf(page, `.services button:has-text("${service}") .mark`, 'fill');
  const found = columnsOf(await screenshot(), colour, box.y + 13, axis);
  assert.notEqual(found.length, 0, `${service} shows in ${colour}`);
  const [from = 0, to = 0] = [found[0], found.at(-1)];
  return { found: { from, to: to + 1 }, expected: extentOf(span, trace, axis), colour };
}

/** Columns of a line of the picture, within the axis, that have a colour. */
function columnsOf(picture: Picture, colour: string, y: number, axis: Box): number[] {
  const columns = Array.from(
    { length: Math.ceil(axis.width) + 4 },
    (_, index) => Math.floor(axis.x) - 2 + index,
  );
  return columns.filter((x) => picture.colourAt(x, y) === colour);
}

/** Where a span is to be seen, from its times alone. */
function extentOf(span: TraceSpan, { spans }: Trace, axis: Box): { from: number; to: number } {
  const begin = spans.reduce(
    (least, each) => min(least, BigInt(each.startTimeUnixNano)),
    BigInt(span.startTimeUnixNano),
  );
  const end = spans.reduce((most, each) => max(most, BigInt(each.endTimeUnixNano)), begin);
  const at = (nanos: string) =>
    axis.x + (axis.width * Number(BigInt(nanos) - begin)) / Number(end - begin);
  const from = at(span.startTimeUnixNano);
  return { from, to: Math.max(from + 2, at(span.endTimeUnixNano)) };
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);

function longestOf({ spans }: Trace, service: string): TraceSpan {
  const lasting = (span: TraceSpan) =>
    Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano));
  const [longest] = spans
    .filter((span) => span.service === service)
    .toSorted((a, b) => lasting(b) - lasting(a));
  assert.ok(longest, `spans of ${service}`);
  return longest;
}

function phasesOf({ spans }: Trace): TraceSpan[] {
  return spans.filter(
    ({ service, parentSpanId }) => service === 'pod-prober' && parentSpanId !== null,
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(page: Page, selector: string): Promise<Box> {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box, `${selector} is drawn`);
  return box;
}
