import type { Page } from 'playwright-core';
import type { MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';
import { htmlPage } from '../../cli/rtt/html/html-page.ts';
import { pageShell } from '../../cli/rtt/html/page-shell.ts';
import { browserPages, type BrowserPages } from './browser-pages.ts';

/** A browser for the pages of meshes, as browserPages has it. */
export function rttPages(): BrowserPages<MatrixReport> {
  return browserPages(async (report) => htmlPage(report, await pageShell()));
}

/** The texts of the cells that are in the page now, row by row, each row behind its name. */
export async function drawnTexts(page: Page): Promise<string[][]> {
  const rows = await page.locator('.map .row').all();
  return Promise.all(
    rows.map(async (row) => [
      await row.locator('.row-name bdi').innerText(),
      ...(await row.locator('.cell').allInnerTexts()).map((text) => text.trim()),
    ]),
  );
}

/** The cell that the keyboard's attention is on, as a screen reader would hear of it. */
export async function activeCell(page: Page): Promise<string> {
  const id = await page.locator('#map').getAttribute('aria-activedescendant');
  return (await page.locator(`#${id}`).getAttribute('aria-label')) ?? '';
}
