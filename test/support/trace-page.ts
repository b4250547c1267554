import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { htmlPage } from '../../cli/trace/html/html-page.ts';
import { pageShell } from '../../cli/trace/html/page-shell.ts';
import type { Trace } from '../../cli/trace/model.ts';
import { browserPages, type BrowserPages } from './browser-pages.ts';

/** A browser for the pages of traces, as browserPages has it. */
export function tracePages(): BrowserPages<Trace> {
  return browserPages(async (trace) => htmlPage(trace, await pageShell()));
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
