import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { commandTable } from '../completion/table.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Select } from '../command.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

type Shell = keyof typeof scripts;

/** What the script completes; kubectl starts its plugin by the second. */
const completed = ['kube-latency', 'kubectl-latency'];

const help = `
Commands, options and their choices, with the key that the shell completes by.

Examples:
  kube-latency completion bash > /etc/bash_completion.d/kube-latency
  source <(kube-latency completion zsh)     in ~/.zshrc, behind compinit
  kube-latency completion fish > ~/.config/fish/completions/kube-latency.fish`;

export function defineCompletion(program: Command, select: Select): void {
  program
    .command('completion')
    .description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText('after', help)
    .action((shell: Shell) =>
      select(({ print }) => {
        print(scripts[shell](commandTable(program), completed));
        return Promise.resolve(0);
      }),
    );
}
