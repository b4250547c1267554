import type { CommandTable, OptionRow, Value } from './table.ts';

interface Offered {
  readonly word: string;
  readonly description: string;
}

interface Offer {
  readonly offered: readonly Offered[];
  /** Whether names of files may stand there, too; the shell finds those. */
  readonly files: boolean;
}

/** What kubectl's completion is told behind the words, in the numbers of Cobra. */
const directives = { files: ':0', noFiles: ':4' } as const;

/**
 * What kubectl expects of the program `kubectl_complete-latency`: each word that the last of `words` could become, with its
 * description behind a tab, and in the last line whether names of files may stand there.
 */
export function kubectlLines(table: CommandTable, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  const { offered, files } = offerFor(table, words.slice(0, -1), current);
  // Behind an equals sign kubectl's scripts want the value alone.
  const begun = current.startsWith('--') ? current.replace(/^.*?=/, '') : current;
  return [
    ...offered
      .filter(({ word }) => word.startsWith(begun))
      .map(({ word, description }) => (description === '' ? word : `${word}\t${description}`)),
    files ? directives.files : directives.noFiles,
  ];
}

function offerFor(
  { options, commands }: CommandTable,
  before: readonly string[],
  current: string,
): Offer {
  const name = before.find((word) => !word.startsWith('-'));
  if (name === undefined)
    return {
      offered: [
        ...commands.map((command) => ({ word: command.name, description: command.description })),
        ...flags(options),
      ],
      files: false,
    };
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return { offered: [], files: false };
  const asked = optionBefore(command.options, before, current);
  if (asked !== undefined) return { offered: choices(asked.value), files: isPath(asked.value) };
  const files = isPath(command.argument) && !current.startsWith('-');
  return {
    // Where there are words to offer the shell looks for no files.
    offered: files ? [] : [...choices(command.argument), ...flags(command.options)],
    files,
  };
}

/** The option whose value is being typed, if one is. */
function optionBefore(
  options: readonly OptionRow[],
  before: readonly string[],
  current: string,
): OptionRow | undefined {
  const [long, value] = current.split('=', 2);
  const flag = value === undefined ? before.at(-1) : long;
  return options.find(
    (option) => option.value.kind !== 'none' && (option.long === flag || option.short === flag),
  );
}

function choices(value: Value): Offered[] {
  return value.kind === 'choice' ? value.choices.map((word) => ({ word, description: '' })) : [];
}

function isPath(value: Value): boolean {
  return value.kind === 'path';
}

function flags(options: readonly OptionRow[]): Offered[] {
  return options.map(({ long, description }) => ({ word: long, description }));
}
