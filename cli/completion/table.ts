import type { Argument, Command, Option } from 'commander';

/** What may follow a word of the command line. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'path' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

export interface OptionRow {
  /** `-o`, where there is one. */
  readonly short: string | undefined;
  /** `--output`. */
  readonly long: string;
  /** Both, with what follows, as help shows them. */
  readonly flags: string;
  readonly description: string;
  /** Value without the option, where there is one to tell. */
  readonly initial: string | undefined;
  /** What follows the option; `none` for a switch. */
  readonly value: Value;
}

export interface CommandRow {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionRow[];
  /** What stands behind the command without an option; `none` where nothing does. */
  readonly argument: Value;
  readonly arguments: readonly ArgumentRow[];
}

export interface ArgumentRow {
  /** `[paths...]`, as help shows it. */
  readonly shown: string;
  readonly description: string;
  readonly value: Value;
}

export interface CommandTable {
  readonly options: readonly OptionRow[];
  readonly commands: readonly CommandRow[];
}

/** The commands and options of a program, as its help lists them. */
export function commandTable(program: Command): CommandTable {
  const help = program.createHelp();
  return {
    options: help.visibleOptions(program).map(optionRow),
    commands: help
      .visibleCommands(program)
      .filter((command) => command.name() !== 'help')
      .map((command) => ({
        name: command.name(),
        description: command.description(),
        options: help.visibleOptions(command).map(optionRow),
        argument: argumentValue(command.registeredArguments[0]),
        arguments: command.registeredArguments.map((argument) => ({
          shown: shownArgument(argument),
          description: argument.description,
          value: argumentValue(argument),
        })),
      })),
  };
}

function optionRow(option: Option): OptionRow {
  const { short, long, description, required, flags, argChoices, defaultValue } = option;
  return {
    flags,
    initial: required && defaultValue !== undefined ? shown(option) : undefined,
    short,
    long: long ?? '',
    description,
    value: required ? valueOf(flags, argChoices) : { kind: 'none' },
  };
}

function shown({ defaultValue, defaultValueDescription }: Option): string {
  return defaultValueDescription ?? String(defaultValue);
}

function shownArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentValue(argument: Argument | undefined): Value {
  return argument === undefined
    ? { kind: 'none' }
    : valueOf(`<${argument.name()}>`, argument.argChoices);
}

function valueOf(flags: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return { kind: 'choice', choices };
  return { kind: /\b(file|folder|path)s?>/.test(flags) ? 'path' : 'any' };
}
