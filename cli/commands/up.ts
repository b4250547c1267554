import { Option, type Command } from 'commander';
import { maxWorkers } from '../../local/plan.ts';
import type { ClusterState } from '../../local/state.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { factLines } from '../terminal/table.ts';

/** Options of `up`, as commander hands them over. */
export interface UpOptions {
  /** Both mean a cluster of this machine's own processes. */
  readonly on: 'auto' | 'local';
  readonly nodes: number;
  readonly install: boolean;
}

const examples = `
Examples:
  kube-latency up
  kube-latency up --nodes 3 --no-install`;

export function defineUp(program: Command, select: Select): void {
  addUpOptions(
    program.command('up').description('make a Kubernetes cluster with tracing on, on this machine'),
  )
    .addHelpText('after', examples)
    .action((options: UpOptions) => select((context) => up(context, options)));
}

/** Adds what `up` and `start` have in common. */
export function addUpOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--on <place>', 'where the cluster runs')
        .choices(['auto', 'local'])
        .default('auto'),
    )
    .option('--nodes <n>', 'worker nodes', wholeNumber(1, maxWorkers), 2)
    .option('--no-install', 'fail where programs of the operating system are missing');
}

async function up(context: CommandContext, options: UpOptions): Promise<ExitCode> {
  const cluster = await makeCluster(context, options);
  context.print(clusterLines(cluster).join('\n'));
  return 0;
}

export async function makeCluster(
  context: CommandContext,
  { nodes, install }: UpOptions,
): Promise<ClusterState> {
  const local = await import('../../local/up.ts');
  return local.up({ workers: nodes, noInstall: !install }, context);
}

/** What one needs to use the cluster. */
function clusterLines(cluster: ClusterState): string[] {
  return factLines([
    ['cluster', `${cluster.name}, ${cluster.nodes.length} nodes`],
    ['kubeconfig', cluster.kubeconfig],
    ['pages', cluster.viewerUrl],
  ]);
}
