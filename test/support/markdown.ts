import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const notOurs = /(^|\/)(node_modules|dist|\.git)(\/|$)/;

export interface Link {
  /** File and line: `docs/rights.md:12`. */
  readonly at: string;
  readonly target: string;
}

export interface CodeBlock {
  readonly at: string;
  /** Behind the fence; empty without one. */
  readonly language: string;
  readonly lines: readonly string[];
}

/** Every Markdown file of the repository, by its path in it. */
export function markdownFiles(): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !notOurs.test(path))
    .toSorted();
}

export function readMarkdown(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The links of a text, its pictures among them, without those in code. */
export function linksOf(path: string): Link[] {
  const link = /\]\(([^)\s]+)(?: "[^"]*")?\)|\b(?:src|srcset)="([^"]+)"/g;
  return proseOf(readMarkdown(path)).flatMap((line, index) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(link)].map(([, target, picture = '']) => ({
      at: `${path}:${index + 1}`,
      target: target ?? picture,
    })),
  );
}

/** Ids of the headings, as GitHub makes them. */
export function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of proseOf(readMarkdown(path))) {
    const [, heading] = /^#{1,6} (.*)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The fenced blocks of code. */
export function codeBlocksOf(path: string): CodeBlock[] {
  const blocks: { at: string; language: string; lines: string[] }[] = [];
  let open = false;
  for (const [index, line] of readMarkdown(path).split('\n').entries()) {
    const [, language] = /^ *```(\S*)/.exec(line) ?? [];
    if (language !== undefined) {
      open = !open;
      if (open) blocks.push({ at: `${path}:${index + 2}`, language, lines: [] });
    } else if (open) blocks.at(-1)?.lines.push(line);
  }
  return blocks;
}

/** Lines of a text; those of code are empty. */
function proseOf(text: string): string[] {
  let inCode = false;
  return text.split('\n').map((line) => {
    const fence = /^ *```/.test(line);
    if (fence) inCode = !inCode;
    return inCode || fence ? '' : line;
  });
}
