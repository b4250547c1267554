import { Option, type Command } from 'commander';
import type { ClusterStatus } from '../../local/status.ts';
import { readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { factLines, tableLines } from '../terminal/table.ts';

interface StatusOptions {
  readonly output: 'text' | 'json';
}

const absent = { on: null, kubeconfig: null, viewer: null, nodes: [], components: [] };

const help = `
Exits with 0 when all is well, else, and where no cluster is, with 1.

Examples:
  kube-latency status
  kube-latency status --output json`;

export function defineStatus(program: Command, select: Select): void {
  program
    .command('status')
    .description('say what runs of the cluster')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', help)
    .action((options: StatusOptions) => select((context) => status(context, options)));
}

async function status(context: CommandContext, { output }: StatusOptions): Promise<ExitCode> {
  const found = await clusterStatus(context);
  if (output === 'json') {
    context.print(JSON.stringify(found ?? absent, undefined, 2));
  } else if (found === null) {
    context.progress('kube-latency: no cluster is here; kube-latency up makes one');
  } else {
    context.print(statusText(found));
  }
  return found !== null && isWell(found) ? 0 : 1;
}

async function clusterStatus(context: CommandContext): Promise<ClusterStatus | null> {
  const state = await readLocalCluster(context.env);
  if (state === undefined) {
    return null;
  }
  if (state.on === 'kind') {
    const { kindStatus } = await import('../../kind/status.ts');
    return kindStatus(state, context);
  }
  const local = await import('../../local/status.ts');
  return local.status(context);
}

function isWell({ nodes, components }: ClusterStatus): boolean {
  return nodes.every(({ ready }) => ready) && components.every(({ healthy }) => healthy);
}

/** The status for people: how to reach the cluster, its nodes, its components. */
export function statusText({ on, kubeconfig, viewer, nodes, components }: ClusterStatus): string {
  return [
    ...factLines([
      ['on', on],
      ['kubeconfig', kubeconfig],
      ['pages', viewer],
    ]),
    '',
    ...tableLines(
      [{ title: 'NODE' }, { title: 'READY' }],
      nodes.map(({ name, ready }) => [name, yesNo(ready)]),
    ),
    '',
    ...tableLines(
      [{ title: 'COMPONENT' }, { title: 'PID', align: 'right' }, { title: 'HEALTHY' }],
      components.map(({ name, pid, healthy }) => [
        name,
        pid === null ? 'pod' : String(pid),
        yesNo(healthy),
      ]),
    ),
  ].join('\n');
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'NO';
}
