import { Option, type Command } from 'commander';
import { maxWorkers } from '../../local/plan.ts';
import type { ClusterState } from '../../local/state.ts';
import { ConfigError } from '../../receivers/shared/errors.ts';
import { readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { factLines } from '../terminal/table.ts';

/** Options of `up`, as commander hands them over. */
export interface UpOptions {
  /** `auto`: kind where all that it needs is here, else this machine's own processes. */
  readonly on: 'auto' | 'kind' | 'local';
  /** Undefined: two, or those of the cluster that is there. */
  readonly nodes?: number;
  readonly install: boolean;
  readonly overlay?: string;
}

const examples = `
The nodes of a kind cluster are of the image that KUBE_LATENCY_KIND_IMAGE names,
else of kind's own.

Examples:
  kube-latency up
  kube-latency up --on kind
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
        .choices(['auto', 'kind', 'local'])
        .default('auto'),
    )
    .option('--nodes <n>', 'worker nodes (default: 2)', wholeNumber(1, maxWorkers))
    .option(
      '--overlay <folder>',
      'with kind: kustomization to apply (default: manifests/overlays/kind)',
    )
    .option('--no-install', 'fail where programs of the operating system are missing');
}

async function up(context: CommandContext, options: UpOptions): Promise<ExitCode> {
  const cluster = await makeCluster(context, options);
  context.print(clusterLines(cluster).join('\n'));
  return 0;
}

export async function makeCluster(
  context: CommandContext,
  { on, nodes, install, overlay }: UpOptions,
): Promise<ClusterState> {
  // What is not readable is for `up` itself to remove.
  const there = await readLocalCluster(context.env).catch(() => undefined);
  const place = on === 'auto' ? (there?.on ?? (await chooseHere(context))) : on;
  if (there !== undefined && there.on !== place) {
    throw new ConfigError(
      `a cluster made with --on ${there.on} runs already; \`kube-latency down\` removes it`,
    );
  }
  if (place === 'kind') {
    const kind = await import('../../kind/up.ts');
    return kind.up({ workers: nodes, overlay }, context);
  }
  const local = await import('../../local/up.ts');
  return local.up({ workers: nodes ?? 2, noInstall: !install }, context);
}

async function chooseHere(context: CommandContext): Promise<'kind' | 'local'> {
  const { choosePlace } = await import('../../kind/choose.ts');
  return choosePlace(context);
}

/** What one needs to use the cluster. */
function clusterLines(cluster: ClusterState): string[] {
  return factLines([
    ['cluster', `${cluster.name}, ${cluster.nodes.length} nodes`],
    ['kubeconfig', cluster.kubeconfig],
    ...(cluster.pages ?? []).map(({ name, url }) => [name, url] as const),
  ]);
}
