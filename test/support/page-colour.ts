import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** A computed colour of the first element that a selector finds, as `#rrggbb`. */
export async function colourOf(page: Page, selector: string, property: string): Promise<string> {
  const computed = await page.locator(selector).first().evaluate(computedStyle, property);
  const [red = 0, green = 0, blue = 0] = [...computed.matchAll(/\d+/g)].map(Number);
  assert.match(computed, /^rgb\(/);
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

declare const getComputedStyle: (element: unknown) => { getPropertyValue(name: string): string };

function computedStyle(element: unknown, property: string): string {
  return getComputedStyle(element).getPropertyValue(property);
}
