import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export { described, type SchemaNode } from '../../build/reference/described.ts';

/** A README's text, and its tables by their heads: the rows, their cells apart. */
export interface Readme {
  readonly text: string;
  readonly table: (head: readonly string[]) => string[][];
}

/** The README of a receiver. */
export function readmeOf(receiver: string): Readme {
  return readmeAt(`receivers/${receiver}`);
}

/** The README of a folder. */
export function readmeAt(folder: string): Readme {
  const text = readFileSync(new URL(`../../${folder}/README.md`, import.meta.url), 'utf8');
  const rows = text.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return {
    text,
    table: (head) => {
      const at = rows.findIndex((row) => row.join(' ') === head.join(' '));
      assert.ok(at >= 0, `a table of ${head.join(', ')}`);
      const end = rows.findIndex((row, index) => index > at && row.length === 0);
      return rows.slice(at + 2, end);
    },
  };
}
