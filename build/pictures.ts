/** `npm run pictures`: photographs the real pages, of traces recorded on a real cluster, for docs/. It takes chromium. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { htmlPage } from '../cli/trace/html/html-page.ts';
import { pageShell } from '../cli/trace/html/page-shell.ts';
import { repository } from '../local/repository.ts';
import { launchBrowser, openPage } from '../test/support/browser.ts';
import { recordedTrace } from '../test/support/recorded-trace.ts';

/** Pictures by the names of the traces that they are of. */
const pictures = { 'slow-network-plugin': 'network-plugin' } as const;
const schemes = ['light', 'dark'] as const;
const size = { width: 1280, height: 640 } as const;

const browser = await launchBrowser();
if (browser === undefined) {
  console.error('pictures: chromium is not installed; on Debian: apt-get install chromium');
  process.exitCode = 2;
} else {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-pictures-'));
  const to = join(repository, 'docs/pictures');
  await mkdir(to, { recursive: true });
  try {
    for (const [name, trace] of Object.entries(pictures)) {
      const file = join(folder, `${name}.html`);
      await writeFile(file, htmlPage(await recordedTrace(trace), await pageShell()));
      for (const colorScheme of schemes) {
        const { page } = await openPage(browser, file, { ...size, colorScheme });
        await page.locator('#filter').fill('cni.');
        await page.locator('h1').first().click();
        const path = join(to, `${name}-${colorScheme}.png`);
        await page.screenshot({ path });
        console.log(path);
      }
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
