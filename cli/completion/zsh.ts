import type { CommandTable, OptionRow, Value } from './table.ts';

/** A script for zsh: a file `_kube-latency` in fpath, or `source <(kube-latency completion zsh)` behind compinit. */
export function zshScript({ options, commands }: CommandTable, names: readonly string[]): string {
  const described = commands.map(
    ({ name, description }) => `    ${quoted(`${name}:${description}`)}`,
  );
  const cases = commands.map(({ name, options: own, argument }) => {
    const specs = [...own.map(optionSpec), ...argumentSpec(argument)];
    return `        ${name})\n          _arguments -s ${specs.join(' ')} ;;`;
  });
  return `#compdef ${names.join(' ')}
_kube_latency() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
${described.join('\n')}
  )
  _arguments -C ${options.map(optionSpec).join(' ')} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _kube-latency ]]; then
  _kube_latency "$@"
else
  compdef _kube_latency ${names.join(' ')}
fi`;
}

function optionSpec({ short, long, description, value }: OptionRow): string {
  const explained = `[${description.replaceAll(/[\\[\]]/g, String.raw`\$&`)}]${action(value)}`;
  return [short, long]
    .filter((flag) => flag !== undefined)
    .map((flag) => quoted(`${excluded(short, long)}${flag}${withEquals(flag, value)}${explained}`))
    .join(' ');
}

function excluded(short: string | undefined, long: string): string {
  return short === undefined ? '' : `(${short} ${long})`;
}

/** A long option's value may stand behind an equals sign. */
function withEquals(flag: string, value: Value): string {
  return flag.startsWith('--') && value.kind !== 'none' ? '=' : '';
}

function argumentSpec(argument: Value): string[] {
  if (argument.kind === 'none') return [];
  return [quoted(`${argument.kind === 'path' ? '*' : '1'}${action(argument)}`)];
}

function action(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'any':
      return ': : ';
    case 'path':
      return ': :_files';
    case 'choice':
      return `: :(${value.choices.join(' ')})`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
