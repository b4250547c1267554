import { Option, type Command } from 'commander';
import {
  addProbeOptions,
  probeConfig,
  type ProbeConfig,
  type ProbeOptions,
} from '../../receivers/pod-prober/config.ts';
import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import { connectionTo, readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { progressLog } from '../progress-log.ts';
import { resolveTarget } from '../probe/resolve-target.ts';
import type { TargetDefaults } from '../probe/target.ts';

const help = `
Where the pipeline is deployed, the probes run in the cluster: as a Job made
from CronJob kube-latency/pod-prober, with its certificate and its gateway, and
with these options behind the CronJob's own. The Job is deleted at the end, also
on Ctrl-C. One that a killed command left behind:
  kubectl -n kube-latency delete job -l kube-latency/run-by=kube-latency-probe

With --here, and where there is no such CronJob or no right to it, they run on
this machine, as the user of the kubeconfig; OTEL_EXPORTER_OTLP_ENDPOINT names
the collector. Without a route to pods, add --first-packet none.

Without --kubeconfig, KUBECONFIG and ~/.kube/config it probes the cluster that
up made. In that one it knows image, namespace and collector, and with --here
goes as its prober instead of its administrator, because the API server lets the
prober join its trace.

Examples:
  kube-latency probe
  kube-latency probe --count 20 --concurrency 10 --output json
  kube-latency probe --count 10 --fail-over wait=5s       exits with 1 when slow
  kube-latency probe --here --namespace default --first-packet none`;

interface PlacedProbeOptions extends ProbeOptions {
  readonly here?: boolean;
}

/** What only the command line tells, not the options' values. */
export interface ProbeArguments {
  /** All behind the command's name, as the user wrote it. */
  readonly args: readonly string[];
  readonly imageGiven: boolean;
}

const here = new Option('--here', 'run the probes on this machine, not in the cluster');

export function defineProbe(program: Command, select: Select): void {
  addProbeOptions(
    program
      .command('probe')
      .description('run lifecycle probes: create a pod, follow it, remove it')
      .addOption(here),
  )
    .addHelpText('after', help)
    .action((options: PlacedProbeOptions, command: Command) => {
      const imageGiven = command.getOptionValueSource('image') === 'cli';
      // The program has no options that would stand among them.
      const args = program.args.slice(1);
      select((context) => probe(context, options, { args, imageGiven }));
    });
}

async function probe(
  context: CommandContext,
  options: PlacedProbeOptions,
  given: ProbeArguments,
): Promise<ExitCode> {
  const report =
    options.here === true
      ? await probeHere(context, options, given)
      : await probeAnywhere(context, options, given);
  await printReport(context, report, options.output);
  if (context.signal.aborted) {
    context.progress('interrupted: the probes under way were cleaned up, no further ones began');
  }
  return report.exitCode;
}

/** Probes in the cluster where the pipeline is deployed, else from this machine. */
export async function probeAnywhere(
  context: CommandContext,
  options: ProbeOptions,
  given: ProbeArguments,
): Promise<ProbeReport> {
  const { kubeconfig, context: kubeContext } = options;
  const state = await readLocalCluster(context.env);
  const choice = { kubeconfig, context: kubeContext };
  const connection = await connectionTo(choice, state, context.env);
  const { probeInCluster } = await import('../probe/run-job.ts');
  const outcome = await probeInCluster(context, connection, given.args);
  if (outcome.kind === 'ran') return outcome.report;
  if (outcome.why !== undefined) {
    context.progress(`probing from this machine, not in the cluster: ${outcome.why}`);
  }
  return probeHere(context, options, given);
}

/** Runs probes from this machine, telling each as it ends. */
async function probeHere(
  { env, signal, progress }: CommandContext,
  options: ProbeOptions,
  { imageGiven }: ProbeArguments,
): Promise<ProbeReport> {
  const { kubeconfig, context: kubeContext, namespace } = options;
  const target = await resolveTarget({ kubeconfig, context: kubeContext, namespace }, env);
  const own = imageGiven ? { ...target, image: options.image } : target;
  const { runProbes } = await import('../../receivers/pod-prober/run.ts');
  const config = withTarget(probeConfig(options, env), own, env);
  return runProbes(config, { env, signal, log: progressLog(progress) });
}

export async function printReport(
  { print }: CommandContext,
  report: ProbeReport,
  output: 'text' | 'json',
): Promise<void> {
  if (output === 'json') {
    print(JSON.stringify(report, undefined, 2));
    return;
  }
  const { formatReport } = await import('../../receivers/pod-prober/report-text.ts');
  print(formatReport(report).trimEnd());
}

/** What the user says, by flag or variable, goes before what the cluster knows. */
export function withTarget(
  config: ProbeConfig,
  target: TargetDefaults,
  env: CommandContext['env'],
): ProbeConfig {
  const toldEndpoint = Object.entries(env).some(
    ([name, value]) => /^OTEL_EXPORTER_OTLP_(\w+_)?ENDPOINT$/.test(name) && value !== '',
  );
  return {
    ...config,
    ...(target.kubeconfig === undefined
      ? {}
      : { kubeconfig: target.kubeconfig, context: undefined }),
    namespace: config.namespace ?? target.namespace,
    pod: { ...config.pod, image: target.image ?? config.pod.image },
    otlpEndpoint: toldEndpoint
      ? config.otlpEndpoint
      : (target.collectorEndpoint ?? config.otlpEndpoint),
  };
}
