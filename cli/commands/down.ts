import type { Command } from 'commander';
import type { CommandContext, ExitCode, Select } from '../command.ts';

export function defineDown(program: Command, select: Select): void {
  program
    .command('down')
    .description('remove the cluster and all that up made; built programs stay in the cache')
    .addHelpText('after', '\nExamples:\n  kube-latency down')
    .action(() => select(down));
}

async function down(context: CommandContext): Promise<ExitCode> {
  const local = await import('../../local/down.ts');
  const removed = await local.down(context);
  context.print(removed ? 'the cluster is removed' : 'no cluster is here');
  return 0;
}
