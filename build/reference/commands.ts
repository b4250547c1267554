import { programOf } from '../../cli/parse.ts';
import {
  commandTable,
  type ArgumentRow,
  type OptionRow,
  type Value,
} from '../../cli/completion/table.ts';

/** One section for each command: what it is for, and its options. */
export function commandSections(heading: string): string[] {
  const program = programOf({ version: '', width: 80, called: 'kube-latency' }, () => undefined);
  return commandTable(program).commands.flatMap((command) => {
    const { name, description, options } = command;
    const rows = [
      ...command.arguments.map(argumentRow),
      ...options.filter(({ long }) => long !== '--help').map(optionRow),
    ];
    return [
      `${heading} kube-latency ${name}`,
      `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
      ...(rows.length === 0 ? [] : table(['argument or option', 'meaning'], rows)),
    ];
  });
}

function argumentRow({ shown, description, value }: ArgumentRow): string[] {
  return [`\`${shown}\``, `${description}${choicesText(value)}`];
}

function optionRow({ flags, description, value, initial }: OptionRow): string[] {
  const otherwise = initial === undefined ? '' : `; default ${initial}`;
  return [`\`${flags}\``, `${description}${choicesText(value)}${otherwise}`];
}

function choicesText(value: Value): string {
  return value.kind === 'choice' ? `; one of ${value.choices.join(', ')}` : '';
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];
}
