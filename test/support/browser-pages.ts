import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage, type OpenedPage, type PageOptions } from './browser.ts';

export interface BrowserPages<T> {
  /** Writes the page of some data and opens it. */
  readonly open: (data: T, options?: PageOptions) => Promise<OpenedPage>;
  readonly openFile: (path: string, options?: PageOptions) => Promise<OpenedPage>;
  /** A path in a folder that is gone when the suite is over. */
  readonly path: (name: string) => string;
}

/**
 * A browser for the pages of the suite that this is called in. Where none is installed the suite is skipped, which is
 * said; KUBE_LATENCY_E2E=required makes that a failure.
 */
export function browserPages<T>(html: (data: T) => Promise<string>): BrowserPages<T> {
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
  const openFile: BrowserPages<T>['openFile'] = (file, options) => {
    assert.ok(browser, 'the browser was not launched');
    return openPage(browser, file, options);
  };
  return {
    path,
    openFile,
    open: async (data, options) => {
      const file = path(`${(pages += 1)}.html`);
      await writeFile(file, await html(data));
      return openFile(file, options);
    },
  };
}
