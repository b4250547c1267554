import { codeBlocksOf } from './markdown.ts';

export interface DocumentedCommand {
  readonly at: string;
  /** Without a prompt, and without a comment behind it. */
  readonly line: string;
}

const shells = new Set(['sh', 'bash', 'shell', 'console']);

/** Command lines in the code blocks of a text; in a block with prompts the others are output. */
export function documentedCommands(path: string): DocumentedCommand[] {
  return codeBlocksOf(path).flatMap(({ at, language, lines }) => {
    const prompted = lines.some((line) => line.startsWith('$ '));
    if (!prompted && !shells.has(language)) return [];
    const [, file = '', first = '1'] = /^(.*):(\d+)$/.exec(at) ?? [];
    return whole(lines)
      .filter(({ line }) => (prompted ? line.startsWith('$ ') : line.trim() !== ''))
      .map(({ line, index }) => ({
        at: `${file}:${Number(first) + index}`,
        line: line
          .replace(/^\$ /, '')
          .replace(/(^|\s+)# .*$/, '')
          .trim(),
      }))
      .filter(({ line }) => line !== '');
  });
}

/** Lines that end in a backslash go on. */
function whole(lines: readonly string[]): { line: string; index: number }[] {
  const joined: { line: string; index: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = joined.at(-1);
    if (last?.line.endsWith('\\') === true)
      last.line = `${last.line.slice(0, -1).trimEnd()} ${line.trim()}`;
    else joined.push({ line, index });
  }
  return joined;
}

/** Arguments of each call of the command in a line: `npx kube-latency trace last | head` has one. */
export function commandCalls(line: string): string[][] {
  return line
    .split(/\s*(?:\||&&|;)\s*/)
    .map((part) => words(part))
    .flatMap((parts) => {
      const at = parts.findIndex((word) =>
        /^(kube-latency|kubectl-latency|cli\/main\.ts)$/.test(word),
      );
      const plugin = parts[0] === 'kubectl' && parts[1] === 'latency' ? 1 : -1;
      const start =
        plugin >= 0
          ? plugin
          : /^(npx|npm|node|sudo|[A-Z_]+=.*)$/.test(parts[0] ?? '') || at === 0
            ? at
            : -1;
      if (start < 0) return [];
      const args = parts.slice(start + 1).filter((word, index) => index > 0 || word !== '--');
      const redirected = args.findIndex((word) => /^\d?>|^<$/.test(word));
      return [redirected < 0 ? args : args.slice(0, redirected)];
    });
}

function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
