import { charColumns } from './char-columns.ts';

/** Makes text from outside harmless to a terminal: one line, no control characters or escapes. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** Columns that the text takes on a terminal. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += charColumns(character);
  return sum;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

/** Shortens text to a width by leaving out its middle, where names differ least. */
export function truncateMiddle(text: string, width: number, ellipsis: string): string {
  if (columns(text) <= width) {
    return text;
  }
  const characters = Array.from(text);
  if (width <= columns(ellipsis)) {
    return leading(characters, Math.max(0, width)).join('');
  }
  const kept = width - columns(ellipsis);
  const head = leading(characters, Math.ceil(kept / 2));
  const tail = leading(characters.slice(head.length).toReversed(), Math.floor(kept / 2));
  return head.join('') + ellipsis + tail.toReversed().join('');
}

/** As many of the first characters as the width holds. */
function leading(characters: readonly string[], width: number): readonly string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += charColumns(character)) > width);
  return end === -1 ? characters : characters.slice(0, end);
}

/** `1 span`, `2 spans`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Breaks a list of items into lines of at most `width` columns; an item wider than that has its own line. */
export function wrapItems<T extends { readonly text: string }>(
  items: readonly T[],
  separatorWidth: number,
  width: number,
): T[][] {
  const lines: T[][] = [];
  let used = 0;
  for (const item of items) {
    const line = lines.at(-1);
    const needed = separatorWidth + columns(item.text);
    if (line === undefined || used + needed > width) {
      lines.push([item]);
      used = columns(item.text);
    } else {
      line.push(item);
      used += needed;
    }
  }
  return lines;
}
