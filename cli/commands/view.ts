import type { Command } from 'commander';
import { untilAborted } from '../../receivers/shared/deadline.ts';
import { StartupError } from '../../receivers/shared/errors.ts';
import { createKubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { loadKubeConfig } from '../../receivers/shared/kubernetes/config.ts';
import { createWallClock, processClocks } from '../../receivers/shared/wall-clock.ts';
import { chosenConnection, readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { findGateway } from '../view/find-gateway.ts';
import { startPageServer } from '../view/page-server.ts';
import { connectToPod } from '../view/pod-stream.ts';

interface ViewOptions {
  readonly port: number;
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Where the viewer listens, in its pod. */
const viewerPort = 8000;
const lookUpMs = 10_000;

const help = `
The viewer beside the gateway listens to its own pod alone; this carries its pages here, through the API server. It needs
the rights to list pods and to use pods/portforward there. Where no cluster is chosen, and up made one, its pages are here
already: their address is printed.

Examples:
  kube-latency view
  kube-latency view --port 8080 --context production`;

export function defineView(program: Command, select: Select): void {
  program
    .command('view')
    .description('open the pages of the viewer in a cluster on this machine, until Ctrl-C')
    .option('--port <port>', 'port to listen on, on loopback', wholeNumber(0, 65_535), viewerPort)
    .option('-n, --namespace <name>', 'namespace of the gateway', 'kube-latency')
    .option(
      '--kubeconfig <file>',
      'how to reach the API server; default: KUBECONFIG, ~/.kube/config',
    )
    .option('--context <name>', 'context of the kubeconfig')
    .addHelpText('after', help)
    .action((options: ViewOptions) => select((context) => view(context, options)));
}

async function view(context: CommandContext, options: ViewOptions): Promise<ExitCode> {
  const { namespace, port } = options;
  const { signal } = context;
  const own = await readLocalCluster(context.env);
  const connection = await chosenConnection(options, context.env, own !== undefined);
  if (connection === undefined) {
    context.print(own?.viewerUrl ?? '');
    return 0;
  }
  const { config } = await loadKubeConfig(options, context.env);
  const client = createKubeClient(connection, createWallClock(processClocks), 'kube-latency-view');
  const limits = { timeoutMs: lookUpMs, signal };
  // Looked up for each connection: a gateway that was replaced is found again.
  const gateway = async (): Promise<string> => {
    const found = await findGateway(client, namespace, limits);
    if (found.kind === 'none') throw new StartupError(found.problem);
    return found.name;
  };
  const failed = (problem: string): void => context.progress(`kube-latency: ${problem}`);
  try {
    await gateway();
    const server = await startPageServer({
      port,
      failed,
      carry: async (socket) => {
        const target = { namespace, pod: await gateway(), port: viewerPort };
        await connectToPod(config, target, { socket, failed });
      },
    });
    context.print(`http://127.0.0.1:${server.port}`);
    await untilAborted(signal);
    await server.close();
    return 0;
  } finally {
    client.close();
  }
}
