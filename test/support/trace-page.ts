import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { htmlPage } from '../../cli/trace/html/html-page.ts';
import { pageShell } from '../../cli/trace/html/page-shell.ts';
import type { Trace } from '../../cli/trace/model.ts';
import { launchBrowser, openPage, type OpenedPage, type PageOptions } from './browser.ts';

export interface TracePages {
  /** Writes the page of a trace and opens it. */
  readonly open: (trace: Trace, options?: PageOptions) => Promise<OpenedPage>;
  readonly openFile: (path: string, options?: PageOptions) => Promise<OpenedPage>;
  /** A path in a folder that is gone when the suite is over. */
  readonly path: (name: string) => string;
}

/**
 * A browser for the pages of the suite that this is called in. Where none is installed the suite is skipped, which is
 * said; KUBE_LATENCY_E2E=required makes that a failure.
 */
export function tracePages(): TracePages {
  let browser: Browser | undefined;
  let folder = '';
  let pages = 0;
  before(async function () {
    this.timeout(60_000);
    browser = await launchBrowser();
    if (browser === undefined) {
      assert.notEqual(process.env['KUBE_LATENCY_E2E'], 'required', 'chromium is not installed');
      console.error('SKIPPED: chromium is not installed; on Debian: apt-get install chromium');
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-page-'));
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });
  after(async () => {
    await browser?.close();
    if (folder !== '') await rm(folder, { recursive: true });
  });
  const path = (name: string) => join(folder, name);
  const openFile: TracePages['openFile'] = (file, options) => {
    assert.ok(browser, 'the browser was not launched');
    return openPage(browser, file, options);
  };
  return {
    path,
    openFile,
    open: async (trace, options) => {
      const file = path(`${(pages += 1)}.html`);
      await writeFile(file, htmlPage(trace, await pageShell()));
      return openFile(file, options);
    },
  };
}

/** A row as the page has drawn it. */
export interface DrawnRow {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly expanded: string | null;
  readonly selected: boolean;
  /** A row that is there only because it leads to others. */
  readonly way: boolean;
}

interface RowElement {
  readonly id: string;
  readonly offsetTop: number;
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  querySelector(selector: string): { readonly textContent: string } | null;
}

/** The rows that are in the page now, from top to bottom. */
export function drawnRows(page: Page): Promise<DrawnRow[]> {
  return page.locator('.rows [role=row]').evaluateAll((rows: RowElement[]) =>
    rows
      .toSorted((a, b) => a.offsetTop - b.offsetTop)
      .map((row) => ({
        id: row.id,
        name: row.querySelector('.name')?.textContent ?? '',
        level: Number(row.getAttribute('aria-level')),
        expanded: row.getAttribute('aria-expanded'),
        selected: row.getAttribute('aria-selected') === 'true',
        way: row.matches('.way'),
      })),
  );
}

/** The row that the keyboard's attention is on, as a screen reader would find it. */
export async function activeRow(page: Page): Promise<DrawnRow> {
  const id = await page.locator('#tree').getAttribute('aria-activedescendant');
  const rows = (await drawnRows(page)).filter((row) => row.id === id);
  assert.equal(rows.length, 1, `expected one row ${id}, found ${rows.length}`);
  const [row] = rows;
  assert.ok(row?.selected, `row ${id} is not selected`);
  return row;
}

/** The labels of the axis, from left to right. */
export function axisLabels(page: Page): Promise<string[]> {
  return page.locator('.tick').allTextContents();
}
