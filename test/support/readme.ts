import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** A node of a JSON Schema, as far as a table of settings tells it. */
export interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

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

/** Rows of key and description of everything that a schema describes. */
export function described(node: SchemaNode, under = ''): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const name = under === '' ? key : `${under}.${key}`;
    const own = value.description === undefined ? [] : [[`\`${name}\``, value.description]];
    return [...own, ...described(value, name)];
  });
}
