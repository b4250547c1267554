import { Argument, InvalidArgumentError, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { kubectlLines } from '../completion/kubectl.ts';
import { commandTable } from '../completion/table.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Select } from '../command.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

type Shell = keyof typeof scripts;

/** What kubectl's own completion asks for, by a program named kubectl_complete-latency. */
const kubectl = 'kubectl';

/** What the script completes; kubectl starts its plugin by the second. */
const completed = ['kube-latency', 'kubectl-latency'];

const help = `
Commands, options and their choices, with the key that the shell completes by.
Where kubectl's own completion is set up, it completes \`kubectl latency\` as soon
as kubectl_complete-latency, which the npm package has, is in PATH.

Examples:
  kube-latency completion bash > /etc/bash_completion.d/kube-latency
  source <(kube-latency completion zsh)     in ~/.zshrc, behind compinit
  kube-latency completion fish > ~/.config/fish/completions/kube-latency.fish
  kube-latency completion kubectl -- trace --out   what kubectl asks for`;

export function defineCompletion(program: Command, select: Select): void {
  program
    .command('completion')
    .description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices([...Object.keys(scripts), kubectl]))
    .argument('[words...]', 'for kubectl: what stands behind kubectl latency, the last unfinished')
    .addHelpText('after', help)
    .action((shell: Shell | typeof kubectl, words: string[]) => {
      if (shell !== kubectl && words.length > 0)
        throw new InvalidArgumentError(
          `expected words behind kubectl alone, got ${words.join(' ')}`,
        );
      select(({ print }) => {
        const table = commandTable(program);
        print(
          shell === kubectl
            ? kubectlLines(table, words).join('\n')
            : scripts[shell](table, completed),
        );
        return Promise.resolve(0);
      });
    });
}
