import { Option, type Command } from 'commander';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { examineCluster, type ExamineOptions } from '../doctor/examine.ts';
import { httpUrl } from '../options.ts';

interface DoctorOptions extends ExamineOptions {
  readonly output: 'text' | 'json';
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
  const facts = await examineCluster(context, options);
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
