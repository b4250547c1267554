import type { CommandTable, OptionRow, Value } from './table.ts';

/** A script for bash 4 and later: `source <(kube-latency completion bash)`. */
export function bashScript({ options, commands }: CommandTable, names: readonly string[]): string {
  const values = commands.flatMap(({ name, options: own }) =>
    own.flatMap(({ short, long, value }) =>
      value.kind === 'none'
        ? []
        : [`    ${patterns(name, short, long)}) ${offer(value)}; return ;;`],
    ),
  );
  const words = commands.map(
    ({ name, options: own, argument }) =>
      `    ${name})${argument.kind === 'path' ? filesUnlessOption : ''} words='${[...flags(own), ...choicesOf(argument)].join(' ')}' ;;`,
  );
  return `# bash completion of ${names.join(' and ')}
_kube_latency() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= i
  COMPREPLY=()
  # Bash takes --output=json for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then
      command=\${COMP_WORDS[i]}
      break
    fi
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case $command in
    '') words='${[...commands.map(({ name }) => name), ...flags(options)].join(' ')}' ;;
${words.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _kube_latency ${names.join(' ')}`;
}

const filesUnlessOption =
  ' if [[ $current != -* ]]; then compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return; fi;';

function patterns(command: string, short: string | undefined, long: string): string {
  return [long, ...(short === undefined ? [] : [short])]
    .map((flag) => `'${command} ${flag}'`)
    .join(' | ');
}

function offer(value: Value): string {
  switch (value.kind) {
    case 'choice':
      return `mapfile -t COMPREPLY < <(compgen -W '${value.choices.join(' ')}' -- "$current")`;
    case 'path':
      return `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")`;
    case 'any':
    case 'none':
      return 'COMPREPLY=()';
  }
}

function flags(options: readonly OptionRow[]): string[] {
  return options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]));
}

function choicesOf(value: Value): readonly string[] {
  return value.kind === 'choice' ? value.choices : [];
}
