import type { Page } from 'playwright-core';

/** What of a browser's world the function below uses, which runs there. */
interface PageNode {
  readonly nodeType: number;
  readonly textContent: string | null;
}
interface PageElement {
  readonly childNodes: Iterable<PageNode>;
  readonly tagName: string;
  contains(other: PageElement): boolean;
  checkVisibility(options: object): boolean;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}
declare const document: {
  querySelectorAll(selector: string): Iterable<PageElement>;
  elementsFromPoint(x: number, y: number): PageElement[];
  createElement(name: string): {
    width: number;
    height: number;
    getContext(
      kind: '2d',
      options: object,
    ): {
      fillStyle: string;
      clearRect(x: number, y: number, width: number, height: number): void;
      fillRect(x: number, y: number, width: number, height: number): void;
      getImageData(
        x: number,
        y: number,
        width: number,
        height: number,
      ): { data: ArrayLike<number> };
    };
  };
};
declare const getComputedStyle: (element: PageElement) => {
  color: string;
  backgroundColor: string;
};

/** A text that is hard to read. */
export interface FaintText {
  readonly text: string;
  readonly ratio: number;
}

/**
 * The texts in view whose contrast with what lies behind them is less than `least`, by the formula of WCAG, and how many
 * texts were looked at.
 */
export function faintTexts(
  page: Page,
  least: number,
): Promise<{ readonly checked: number; readonly faint: readonly FaintText[] }> {
  return page.evaluate(findFaintTexts, least);
}

function findFaintTexts(least: number): { checked: number; faint: FaintText[] } {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  /** Paints colours one over the other and gives what one sees. */
  const seen = (colours: string[]): number[] => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return Array.from(context.getImageData(0, 0, 1, 1).data).slice(0, 3);
  };
  const luminance = (colour: number[]): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint: FaintText[] = [];
  let checked = 0;
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .map(({ textContent }) => textContent ?? '')
      .join('')
      .trim();
    const { x, y, width, height } = element.getBoundingClientRect();
    const stack = document.elementsFromPoint(x + Math.min(width / 2, 20), y + height / 2);
    const at = stack.findIndex((other) => other === element || element.contains(other));
    if (text === '' || at < 0 || !element.checkVisibility({ opacityProperty: true })) continue;
    const behind = stack
      .slice(at)
      .map((other) => getComputedStyle(other).backgroundColor)
      .toReversed();
    const back = luminance(seen(behind));
    const front = luminance(seen([...behind, getComputedStyle(element).color]));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    checked += 1;
    if (ratio < least) faint.push({ text, ratio });
  }
  return { checked, faint };
}
