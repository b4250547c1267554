import type { Command } from 'commander';
import {
  addProbeOptions,
  probeConfig,
  type ProbeConfig,
  type ProbeOptions,
} from '../../receivers/pod-prober/config.ts';
import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { progressLog } from '../progress-log.ts';
import { resolveTarget } from '../probe/resolve-target.ts';
import type { TargetDefaults } from '../probe/target.ts';

const help = `
Without --kubeconfig, KUBECONFIG and ~/.kube/config it probes the cluster that
up made. In that one it knows image, namespace and collector, and goes as its
prober instead of its administrator, because the API server lets the prober join
its trace. OTEL_EXPORTER_OTLP_ENDPOINT names another collector.

Examples:
  kube-latency probe
  kube-latency probe --count 20 --concurrency 10 --output json
  kube-latency probe --count 10 --fail-over wait=5s       exits with 1 when slow`;

export function defineProbe(program: Command, select: Select): void {
  addProbeOptions(
    program
      .command('probe')
      .description('run lifecycle probes: create a pod, follow it, remove it'),
  )
    .addHelpText('after', help)
    .action((options: ProbeOptions, command: Command) => {
      const imageGiven = command.getOptionValueSource('image') === 'cli';
      select((context) => probe(context, options, imageGiven));
    });
}

async function probe(
  context: CommandContext,
  options: ProbeOptions,
  imageGiven: boolean,
): Promise<ExitCode> {
  const { kubeconfig, context: kubeContext } = options;
  const target = await resolveTarget({ kubeconfig, context: kubeContext }, context.env);
  const own = imageGiven ? { ...target, image: options.image } : target;
  const report = await runProbe(context, options, own);
  await printReport(context, report, options.output);
  if (context.signal.aborted) {
    context.progress('interrupted: the probes under way were cleaned up, no further ones began');
  }
  return report.exitCode;
}

/** Runs probes against a target, telling each as it ends. */
export async function runProbe(
  { env, signal, progress }: CommandContext,
  options: ProbeOptions,
  target: TargetDefaults,
): Promise<ProbeReport> {
  const { runProbes } = await import('../../receivers/pod-prober/run.ts');
  const config = withTarget(probeConfig(options, env), target, env);
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
