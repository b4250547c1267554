import { programOf } from '../../cli/parse.ts';
import { commandTable, type OptionRow } from '../../cli/completion/table.ts';

/** One section for each command: what it is for, and its options. */
export function commandSections(heading: string): string[] {
  const program = programOf({ version: '', width: 80, called: 'kube-latency' }, () => undefined);
  return commandTable(program).commands.flatMap(({ name, description, options }) => [
    `${heading} kube-latency ${name}`,
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    ...table(['option', 'meaning'], options.filter(({ long }) => long !== '--help').map(optionRow)),
  ]);
}

function optionRow({ flags, description, value, initial }: OptionRow): string[] {
  const choices = value.kind === 'choice' ? `; one of ${value.choices.join(', ')}` : '';
  const otherwise = initial === undefined ? '' : `; default ${initial}`;
  return [`\`${flags}\``, `${description}${choices}${otherwise}`];
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];
}
