import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import { htmlPage } from '../../cli/boot/html/html-page.ts';
import { pageShell } from '../../cli/boot/html/page-shell.ts';
import { printable } from '../../cli/terminal/text.ts';
import { bootRecord } from '../support/boot-record.ts';
import type { OpenedPage } from '../support/browser.ts';
import { browserPages, type BrowserPages } from '../support/browser-pages.ts';
import { colourOf } from '../support/page-colour.ts';
import { faintTexts } from '../support/page-contrast.ts';
import { groundsOf } from '../support/page-theme.ts';

const bootPages = (): BrowserPages<BootRecord> =>
  browserPages(async (record) => htmlPage(record, await pageShell()));

/** Name and told of every row in the page. */
async function rowTexts(page: Page): Promise<string[]> {
  const rows = await page.locator('.row').all();
  return Promise.all(
    rows.map(async (row) =>
      [await row.locator('.name').innerText(), await row.locator('.told').innerText()].join(' '),
    ),
  );
}

describe('the page of a boot', function () {
  this.timeout(60_000);
  const pages = bootPages();
  let opened: OpenedPage;

  beforeEach(async () => {
    opened = await pages.open(bootRecord());
  });
  afterEach(() => {
    assert.deepEqual(opened.problems, [], 'requests, errors or refusals of the page');
  });

  it('says whose boot it is, and how long it took', async () => {
    const heading = await opened.page.locator('header').innerText();

    for (const text of [
      'Boot of worker-1',
      'c6a.large',
      '25.0 s',
      '2022-11-28 02:59:07.000000 UTC',
    ])
      assert.ok(heading.includes(text), `${text} in ${heading}`);
    assert.match(await opened.page.title(), /^Boot of worker-1 · 2022-11-28/);
  });

  it('has every event with its distance, and all that took time', async () => {
    const rows = await rowTexts(opened.page);

    assert.deepEqual(rows.slice(0, 2), ['VM Initialized 0 s', 'Pod Created 2 s']);
    assert.ok(rows.includes('ready 10 s') && rows.includes('unit#cloud-config.service 4.90 s'));
    assert.equal(await opened.page.locator('.rows-shown').innerText(), '28 of 28 rows');
  });

  it('draws marks and bars where their times are', async () => {
    const { page } = opened;
    const boxOf = async (name: string, mark: string) => {
      const row = page.locator('.row', { has: page.getByText(name, { exact: true }) });
      const [box, time] = await Promise.all([
        row.locator(mark).boundingBox(),
        row.locator('.time').boundingBox(),
      ]);
      assert.ok(box && time);
      return { from: (box.x - time.x) / time.width, lasting: box.width / time.width };
    };
    const [kernel, ready, pod] = await Promise.all([
      boxOf('kernel', '.bar'),
      boxOf('ready', '.bar'),
      boxOf('Pod Ready', '.instant'),
    ]);

    const near = (value: number, expected: number) => Math.abs(value - expected) < 0.005;
    assert.ok(near(kernel.from, 0) && near(kernel.lasting, 1.5 / 27.25), JSON.stringify(kernel));
    assert.ok(near(ready.from, 8 / 27.25) && near(ready.lasting, 10 / 27.25));
    assert.ok(near(pod.from, 25 / 27.25), JSON.stringify(pod));
  });

  it('says what was not told, and why', async () => {
    const missing = await opened.page.locator('.missing').innerText();

    assert.match(
      missing,
      /Instance Pending\s+EC2 IMDS: no answer from http:\/\/169\.254\.169\.254/,
    );
    assert.equal(await opened.page.locator('.missing .awaited').count(), 0);
  });

  it('tells about the row under the pointer', async () => {
    const { page, drawn } = opened;

    await page.getByText('VPC CNI Plugin Initialized', { exact: true }).hover();
    await drawn();

    const tooltip = await page.locator('.tooltip').innerText();
    assert.match(tooltip, /source\s+aws-node\s+time\s+2022-11-28 02:59:22\.101402 UTC/);
    await page.locator('h1').hover();
    await drawn();
    assert.equal(await page.locator('.tooltip').count(), 0);
  });

  it('narrows to the filter, and to the critical path, and back', async () => {
    const { page, press, type } = opened;

    await press('/');
    await type('source=k8s');
    assert.deepEqual(await rowTexts(page), [
      'Pod Created 2 s',
      'Pod Scheduled 18 s',
      'Pod Ready 25 s',
      'Node Schedulable 27 s',
    ]);
    await type(' nobody');
    assert.match(await page.locator('.chart').innerText(), /No row fits the filter/);
    await press('Escape', 'c');
    const critical = await rowTexts(page);
    await press('Escape');

    assert.deepEqual(critical.slice(0, 3), ['Node Ready 18 s', 'Pod Ready 25 s', 'kernel 1.50 s']);
    assert.ok(!critical.some((row) => row.startsWith('network')));
    assert.equal((await rowTexts(page)).length, 28);
  });

  it('is gone through by keys, for eyes and ears', async () => {
    const { page, press } = opened;
    await page.locator('#rows').focus();

    await press('End', 'ArrowUp');

    const active = await page.locator('#rows').getAttribute('aria-activedescendant');
    assert.match(
      (await page.locator(`#${active} .time`).getAttribute('aria-label')) ?? '',
      /^9 s long/,
    );
    assert.match(await page.getByRole('status').innerText(), /^schedulable, 9 s long$/);
  });

  it('zooms to a row, and back', async () => {
    const { page, press, drawn } = opened;
    const ticks = async () => (await page.locator('.tick').allInnerTexts()).join(' ');
    const whole = await ticks();

    await page.locator('.row .name', { hasText: /^ready$/ }).dblclick();
    await drawn();
    const near = await ticks();
    await press('0');

    assert.notEqual(near, whole);
    assert.equal(await ticks(), whole);
  });

  it('leaves comments out where they are not wanted', async () => {
    const { page, press } = opened;
    const comments = page.locator('.comment');
    const many = await comments.count();

    await press('m');

    assert.equal(many, 4);
    assert.equal(await comments.count(), 0);
  });

  it('helps with its keys', async () => {
    const { page, press } = opened;

    await press('?');
    const help = page.getByRole('dialog');
    assert.match(await help.innerText(), /only what the end of the boot waited for/);
    await press('Escape');

    assert.equal(await help.isVisible(), false);
  });

  it('is a grid to who does not see it', async () => {
    const grid = opened.page.getByRole('grid', { name: 'Events, and what took time' });

    assert.equal(await grid.getAttribute('aria-rowcount'), '29');
    assert.equal(await grid.getByRole('columnheader').count(), 3);
    assert.equal(await grid.getByRole('gridcell').count(), 84);
  });
});

describe('the looks of the page of a boot', function () {
  this.timeout(60_000);
  const pages = bootPages();

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has no text that is hard to read (${colorScheme})`, async () => {
      const late = bootRecord(['node_ready', 'pod_ready']);
      const { page, press } = await pages.open(late, { colorScheme });
      await page.locator('#rows').focus();
      const looked = [await faintTexts(page, 4.5)];
      await page.locator('.row').nth(3).hover();
      looked.push(await faintTexts(page, 4.5));
      await press('?');
      looked.push(await faintTexts(page, 4.5));

      assert.deepEqual(
        looked.flatMap(({ faint }) => faint),
        [],
      );
      assert.ok(looked.every(({ checked }) => checked > 15));
    });

  it('changes between light and dark', async () => {
    const grounds = await groundsOf(await pages.open(bootRecord(), { colorScheme: 'light' }));

    assert.deepEqual(grounds, ['#ffffff', '#181d26', '#ffffff']);
  });

  it('fits a narrow window', async () => {
    const { page } = await pages.open(bootRecord(), { width: 360, height: 740 });

    const wide = 'document.documentElement.scrollWidth';
    assert.ok((await page.evaluate<number>(wide)) <= 360);
    const chart = await page.locator('.chart').boundingBox();
    assert.ok(chart && chart.height > 150 && chart.width > 300);
  });

  it('is printed whole, on white', async () => {
    const { page, drawn } = await pages.open(bootRecord(), { colorScheme: 'dark', height: 400 });

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await drawn();

    assert.equal(await colourOf(page, 'main', 'background-color'), '#ffffff');
    const [chart, missing] = await Promise.all([
      page.locator('.chart').boundingBox(),
      page.locator('.missing').boundingBox(),
    ]);
    assert.ok(chart && missing && chart.height >= 28 * 26);
    assert.ok(missing.y >= chart.y + chart.height - 1);
    assert.equal(await page.locator('.toolbar').isVisible(), false);
    assert.ok((await page.pdf({ printBackground: true })).length > 10_000);
  });
});

const hostile = [
  '</script><script>window.executed = 1</script>',
  '<img src=x onerror="window.executed = 1">',
  '"><svg onload=window.executed=1>',
  '\u202etxt.exe\u2066 \u0627\u0644',
  '\u2028window.executed = 1\u2029\u0000\ud800',
  '__proto__',
];

describe('the page of a boot that is odd, hostile or large', function () {
  this.timeout(60_000);
  const pages = bootPages();

  it('runs nothing that a boot brings along, and shows it as the text it is', async () => {
    const occurrences = hostile.map((comment, index) => ({
      event: 'kube_apiserver_throttled',
      source: 'Messages',
      atUnixNs: BigInt(index) * 1_000_000n,
      precisionNs: 1,
      comment,
    }));
    const facts = { name: hostile[0] ?? '', instanceType: hostile[1] ?? '' };
    const record = bootRecord([], { occurrences, activities: [], facts });
    const { page, problems } = await pages.open(record);

    assert.deepEqual(await page.locator('.comment').allInnerTexts(), hostile.map(printable));
    assert.equal(await page.evaluate('window.executed'), undefined);
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.locator('img, iframe, a, svg').count(), 0);
    assert.deepEqual(problems, []);
  });

  it('says that nothing is told', async () => {
    const { page, problems } = await pages.open(
      bootRecord([], { occurrences: [], activities: [] }),
    );

    assert.match(await page.locator('.chart').innerText(), /Nothing is told of this boot/);
    assert.match(await page.locator('header').innerText(), /✗ not complete/);
    assert.equal(await page.locator('.missing .awaited').count(), 2);
    assert.deepEqual(problems, []);
  });

  it('draws a thousand events, and stays quick', async () => {
    const occurrences = Array.from({ length: 3000 }, (_, index) => ({
      event: 'kube_apiserver_throttled',
      source: 'Messages',
      atUnixNs: BigInt(index) * 1_000_000n,
      precisionNs: 1,
    }));
    const record = bootRecord([], { occurrences, activities: [] });
    const { page, press, problems } = await pages.open(record);
    await page.locator('#rows').focus();
    const startMs = performance.now();
    await press('End', 'PageUp', 'Home');
    const movedMs = performance.now() - startMs;

    assert.equal(await page.locator('.row').count(), 1000);
    assert.match(await page.locator('.chart').innerText(), /2000 further events are not drawn/);
    assert.ok(movedMs < 5000, `${movedMs} ms`);
    assert.deepEqual(problems, []);
  });
});
