import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram } from '../../local/host/install.ts';
import { decodePng, type Picture } from './png.ts';

/** Launches Debian's Chromium, without a window; undefined where it is not installed. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = await findProgram('chromium');
  return executablePath === undefined
    ? undefined
    : chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page that was opened from a file, in a browser without network. */
export interface OpenedPage {
  readonly page: Page;
  /** Requests beyond the page itself, errors, and what its policy refused. */
  readonly problems: readonly string[];
  /** Presses keys one after the other and waits until the page shows what they did. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Types a text, as `press` does. */
  readonly type: (text: string) => Promise<void>;
  /** Waits until the page has drawn what it was told. */
  readonly drawn: () => Promise<void>;
  readonly screenshot: () => Promise<Picture>;
}

const twoFrames =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';

/** Opens a page from a file. */
export async function openPage(
  browser: Browser,
  path: string,
  { width = 1280, height = 800, colorScheme = 'light' }: PageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  await context.setOffline(true);
  const page = await context.newPage();
  const problems: string[] = [];
  const address = `file://${path}`;
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith('data:')) problems.push(`request ${url}`);
  });
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  const drawn = () => page.evaluate<void>(twoFrames);
  await page.goto(address);
  await drawn();
  return {
    page,
    problems,
    drawn,
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
      await drawn();
    },
    type: async (text) => {
      await page.keyboard.type(text);
      await drawn();
    },
    screenshot: async () => decodePng(await page.screenshot()),
  };
}
