import type { CommandTable, OptionRow, Value } from './table.ts';

/** A script for fish: `kube-latency completion fish | source`. */
export function fishScript({ options, commands }: CommandTable, names: readonly string[]): string {
  return names
    .flatMap((program) => {
      const line = (parts: readonly string[]): string =>
        ['complete', '--command', program, ...parts].join(' ');
      const noneYet = ['--condition', '__fish_use_subcommand'];
      return [
        line(['--no-files']),
        ...options.map((option) => line([...noneYet, ...optionParts(option)])),
        ...commands.flatMap(({ name, description, options: own, argument }) => {
          const seen = ['--condition', quoted(`__fish_seen_subcommand_from ${name}`)];
          return [
            line([...noneYet, '--arguments', name, '--description', quoted(description)]),
            ...own.map((option) => line([...seen, ...optionParts(option)])),
            ...(argument.kind === 'none' ? [] : [line([...seen, ...valueParts(argument)])]),
          ];
        }),
      ];
    })
    .join('\n');
}

function optionParts({ short, long, description, value }: OptionRow): string[] {
  return [
    ...(short === undefined ? [] : ['--short-option', short.slice(1)]),
    '--long-option',
    long.slice(2),
    ...(value.kind === 'none' ? [] : ['--require-parameter']),
    ...valueParts(value),
    '--description',
    quoted(description),
  ];
}

function valueParts(value: Value): string[] {
  switch (value.kind) {
    case 'choice':
      return ['--no-files', '--arguments', quoted(value.choices.join(' '))];
    case 'path':
      return ['--force-files'];
    case 'any':
    case 'none':
      return ['--no-files'];
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
