import { stringify } from 'yaml';
import type { Part, Tree, When } from './conditional.ts';

/** Where a part stands: keys of maps, and names of list items. */
export type Path = readonly string[];

/** What stands in the place of what manifests say. */
export type Expression =
  /** A template for a scalar. */
  | { readonly kind: 'scalar'; readonly template: string }
  /** A value of values.yaml for a map or a list; left out where it is empty. */
  | { readonly kind: 'values'; readonly value: string };

export interface Settings {
  /** The expression for a part; undefined: it is as manifests say. */
  readonly expressionOf: (path: Path, tree: Tree) => Expression | undefined;
  /** Lines more at the end of a map, without its indentation, which is so many spaces. */
  readonly linesAfter: (path: Path, spaces: number) => readonly string[];
  /** A string of the manifests, with templates in it. */
  readonly text: (path: Path, value: string) => string;
}

/** Lines of a template of Helm for an object that is there under a condition. */
export function templateOf({ when, tree }: Part, settings: Settings): string {
  return `${guarded(when, '', linesOf(tree, [], '', settings)).join('\n')}\n`;
}

function linesOf(tree: Tree, path: Path, indent: string, settings: Settings): readonly string[] {
  switch (tree.kind) {
    case 'leaf':
      return [`${indent}${scalar(tree.value, path, indent, settings)}`];
    case 'map':
      return [
        ...tree.entries.flatMap(([key, parts]) =>
          parts.flatMap((part) =>
            guarded(part.when, indent, entry(key, part.tree, [...path, key], indent, settings)),
          ),
        ),
        ...settings.linesAfter(path, indent.length).map((line) => `${indent}${line}`),
      ];
    case 'list':
      return tree.items.flatMap((part) =>
        guarded(part.when, indent, item(part.tree, path, indent, settings)),
      );
  }
}

function entry(
  key: string,
  tree: Tree,
  path: Path,
  indent: string,
  settings: Settings,
): readonly string[] {
  const name = `${indent}${stringify(key).trimEnd()}:`;
  const expression = settings.expressionOf(path, tree);
  if (expression?.kind === 'scalar') return [`${name} ${expression.template}`];
  if (expression?.kind === 'values')
    return [
      `${indent}{{- with ${expression.value} }}`,
      name,
      `${indent}  {{- toYaml . | nindent ${indent.length + 2} }}`,
      `${indent}{{- end }}`,
    ];
  if (tree.kind === 'leaf') return [`${name} ${scalar(tree.value, path, indent, settings)}`];
  if (isEmpty(tree)) return [`${name} ${tree.kind === 'map' ? '{}' : '[]'}`];
  return [name, ...linesOf(tree, path, `${indent}  `, settings)];
}

function item(tree: Tree, path: Path, indent: string, settings: Settings): readonly string[] {
  if (tree.kind === 'leaf') return [`${indent}- ${scalar(tree.value, path, indent, settings)}`];
  if (isEmpty(tree)) return [`${indent}- ${tree.kind === 'map' ? '{}' : '[]'}`];
  const lines = linesOf(tree, [...path, nameOf(tree)], `${indent}  `, settings);
  // A template's action may come first: then the dash has a line of its own.
  const [first = '', ...rest] = lines;
  return first.trimStart().startsWith('{{-')
    ? [`${indent}-`, ...lines]
    : [`${indent}- ${first.trimStart()}`, ...rest];
}

function scalar(value: unknown, path: Path, indent: string, settings: Settings): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const escaped = settings.text(path, value.replaceAll('{{', '{{ "{{" }}'));
  if (value.includes('\n')) return block(escaped, indent);
  // Quotes inside of an action must stay as they are, so what holds one is quoted by hand.
  if (escaped.includes('{{')) return `'${escaped.replaceAll("'", "''")}'`;
  return stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}

function block(value: string, indent: string): string {
  const chomping = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  return [`|${chomping}`, ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`))].join(
    '\n',
  );
}

function guarded(when: When, indent: string, lines: readonly string[]): readonly string[] {
  const condition = conditionOf(when);
  if (condition === undefined) return lines;
  return [`${indent}{{- if ${condition} }}`, ...lines, `${indent}{{- end }}`];
}

/** The condition as an expression of Go's templates; undefined: always. */
function conditionOf({ any, none }: When): string | undefined {
  const on = any.length > 0 ? anyOf(any) : undefined;
  const off = none.length > 0 ? `not ${bracketed(anyOf(none))}` : undefined;
  if (on !== undefined && off !== undefined) return `and ${bracketed(on)} (${off})`;
  return on ?? off;
}

function anyOf(names: readonly string[]): string {
  const values = names.map((name) => `.Values.${name}`);
  return values.length === 1 ? values.join('') : `or ${values.join(' ')}`;
}

function bracketed(expression: string): string {
  return expression.includes(' ') ? `(${expression})` : expression;
}

function isEmpty(tree: Tree): boolean {
  return (
    (tree.kind === 'map' && tree.entries.length === 0) ||
    (tree.kind === 'list' && tree.items.length === 0)
  );
}

function nameOf(tree: Tree): string {
  if (tree.kind !== 'map') return '';
  const parts = tree.entries.find(([key]) => key === 'name')?.[1] ?? [];
  const [name] = parts;
  return name?.tree.kind === 'leaf' ? String(name.tree.value) : '';
}
