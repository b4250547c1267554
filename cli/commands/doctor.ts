import { Option, type Command } from 'commander';
import type { ClusterState } from '../../local/state.ts';
import type { KubeConnection } from '../../receivers/shared/kubernetes/config.ts';
import { connectionTo, readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { httpUrl } from '../options.ts';
import { resolveTarget } from '../probe/resolve-target.ts';
import type { TargetDefaults } from '../probe/target.ts';

interface DoctorOptions {
  readonly output: 'text' | 'json';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly backend?: URL;
}

const help = `
For API server, etcd, each kubelet and each container runtime: whether tracing
is on, where it points, at which sampling, whether its spans arrive, what its
version hinders, and the change that is needed. Then the prober's certificate
and rights, the clocks, and what runs of kube-latency itself. Changes nothing.

Levels: ok; warning: traces are poorer than they could be; problem: something
is missing; unknown: it cannot be seen, for example on a managed control plane,
or for lack of a right: docs/rights.md has a ClusterRole with all it uses.

Without --kubeconfig, KUBECONFIG and ~/.kube/config it examines the cluster
that up made. In that one it knows the backend, and this machine's processes.
Exits with 0 when there is no problem, with 1 when there is one or the API
server does not answer.

JSON: cluster (server, version, install, nodes), backend, summary (ok, warning,
problem, unknown), findings (component, node, check, level, found, expected,
fix). A backend, node, version or fix that is not there is null.

Examples:
  kube-latency doctor
  kube-latency doctor --context staging --backend http://127.0.0.1:8000
  kube-latency doctor -o json | jq '.findings[] | select(.level == "problem")'`;

export function defineDoctor(program: Command, select: Select): void {
  program
    .command('doctor')
    .description('check the tracing of a cluster, and say what to change')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, the service account')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('--namespace <name>', "namespace of probe pods (default: the context's, default)")
    .option(
      '--backend <url>',
      'address of the pages of Jaeger 2 or the viewer (default: that of the cluster made by up)',
      httpUrl,
    )
    .addHelpText('after', help)
    .action((options: DoctorOptions) => select((context) => doctor(context, options)));
}

async function doctor(context: CommandContext, options: DoctorOptions): Promise<ExitCode> {
  const choice = { kubeconfig: options.kubeconfig, context: options.context };
  const state = await readLocalCluster(context.env);
  const target = await resolveTarget(choice, context.env);
  const connection = await connectionTo(choice, state, context.env);
  context.progress(`examining the cluster at ${connection.server.origin}`);
  const facts = await examine(context, options, { connection, target, state });
  const { diagnose } = await import('../doctor/diagnose.ts');
  const findings = diagnose(facts);
  if (options.output === 'json') {
    const { findingsJson } = await import('../doctor/json.ts');
    context.print(JSON.stringify(findingsJson(facts, findings), undefined, 2));
  } else {
    const { findingsText } = await import('../doctor/text.ts');
    context.print(findingsText(facts, findings, context.terminal));
  }
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

interface Examined {
  readonly connection: KubeConnection;
  readonly target: TargetDefaults;
  readonly state: ClusterState | undefined;
}

async function examine(
  context: CommandContext,
  options: DoctorOptions,
  { connection, target, state }: Examined,
) {
  const [
    { createKubeClient },
    { loadKubeConnection },
    { createWallClock, processClocks },
    { gather },
  ] = await Promise.all([
    import('../../receivers/shared/kubernetes/client.ts'),
    import('../../receivers/shared/kubernetes/config.ts'),
    import('../../receivers/shared/wall-clock.ts'),
    import('../doctor/gather/gather.ts'),
  ]);
  const clock = createWallClock(processClocks);
  // Only the cluster that `up` made gives defaults to a probe.
  const own = target.collectorEndpoint === undefined ? undefined : state;
  const proberConnection =
    target.kubeconfig === undefined
      ? connection
      : await loadKubeConnection({ kubeconfig: target.kubeconfig }, context.env);
  const product = 'kube-latency-doctor';
  const viewer = createKubeClient(connection, clock, product);
  const prober = createKubeClient(proberConnection, clock, product);
  try {
    return await gather(
      {
        viewer,
        prober,
        proberOrigin: proberConnection.origin,
        namespace:
          options.namespace ?? target.namespace ?? connection.contextNamespace ?? 'default',
        own,
        backend: options.backend ?? (own === undefined ? null : new URL(own.viewerUrl)),
      },
      context,
    );
  } finally {
    viewer.close();
    prober.close();
  }
}
