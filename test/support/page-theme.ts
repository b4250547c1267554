import type { OpenedPage } from './browser.ts';
import { colourOf } from './page-colour.ts';

/** The colour behind the page's main part: at first, after its button for dark is pressed, and after it is again. */
export async function groundsOf({ page, drawn }: OpenedPage): Promise<string[]> {
  const button = page.getByRole('button', { name: 'Dark' });
  const grounds: string[] = [];
  for (const presses of [0, 1, 1]) {
    if (presses > 0) await button.click();
    await drawn();
    grounds.push(await colourOf(page, 'main', 'background-color'));
  }
  return grounds;
}
