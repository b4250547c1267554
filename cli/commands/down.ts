import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { kindPaths } from '../../kind/paths.ts';
import { localPaths } from '../../local/paths.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';

interface DownOptions {
  readonly on?: 'kind' | 'local';
}

export function defineDown(program: Command, select: Select): void {
  program
    .command('down')
    .description('remove the cluster and all that up made; built programs stay in the cache')
    .addOption(
      new Option('--on <place>', 'where the cluster runs (default: wherever one is)').choices([
        'kind',
        'local',
      ]),
    )
    .addHelpText('after', '\nExamples:\n  kube-latency down\n  kube-latency down --on kind')
    .action((options: DownOptions) => select((context) => down(context, options)));
}

async function down(context: CommandContext, { on }: DownOptions): Promise<ExitCode> {
  // Its folder is there from before the cluster is made until it is gone.
  const kindIsHere = existsSync(kindPaths(context.env).clusterDir);
  const localIsHere = existsSync(localPaths(context.env).clusterDir);
  let removed = false;
  if (on === 'kind' || (on === undefined && kindIsHere)) {
    const kind = await import('../../kind/down.ts');
    removed = await kind.down(context);
  }
  if (on === 'local' || (on === undefined && (localIsHere || !kindIsHere))) {
    const local = await import('../../local/down.ts');
    removed = (await local.down(context)) || removed;
  }
  context.print(removed ? 'the cluster is removed' : 'no cluster is here');
  return 0;
}
