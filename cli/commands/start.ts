import { Command } from 'commander';
import type { ClusterState } from '../../local/state.ts';
import { addProbeOptions, type ProbeOptions } from '../../receivers/pod-prober/config.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { backendAt } from '../trace/backend.ts';
import type { Trace } from '../trace/model.ts';
import { readTrace } from '../trace/read.ts';
import { waterfall } from '../trace/waterfall.ts';
import { printReport, probeAnywhere } from './probe.ts';
import { addUpOptions, makeCluster, type UpOptions } from './up.ts';

const examples = `
Examples:
  kube-latency start
  kube-latency start --nodes 1`;

/** Whose spans make the trace of a probe complete. */
const services = ['pod-prober', 'apiserver', 'etcd', 'kubelet', 'containerd'];
const waitMs = 30_000;

export function defineStart(program: Command, select: Select): void {
  addUpOptions(
    program
      .command('start')
      .description('make a cluster, run one probe, draw its trace; the cluster stays'),
  )
    .addHelpText('after', examples)
    .action((options: UpOptions) => select((context) => start(context, options)));
}

async function start(context: CommandContext, options: UpOptions): Promise<ExitCode> {
  const cluster = await makeCluster(context, options);
  context.progress('probing one pod');
  const probeOptions = { ...defaultProbe(), kubeconfig: cluster.kubeconfig };
  const report = await probeAnywhere(context, probeOptions, { args: [], imageGiven: false });
  const traceId = report.probes[0]?.traceId;
  if (report.exitCode !== 0 || traceId === undefined) {
    await printReport(context, report, 'text');
    return 1;
  }
  context.progress('waiting for the spans of all components');
  const source = await backendAt(new URL(cluster.viewerUrl), context.signal);
  const wait = { timeoutMs: waitMs, services };
  const trace = await readTrace(source, { kind: 'id', traceId }, context, wait);
  context.print(waterfall(trace, context.terminal));
  context.print(nextSteps(cluster, source.pageUrl(traceId)));
  return tellMissing(trace, context);
}

function tellMissing(trace: Trace, { progress }: CommandContext): ExitCode {
  const present = new Set(trace.spans.map(({ service }) => service));
  const missing = services.filter((service) => !present.has(service));
  if (missing.length === 0) {
    return 0;
  }
  progress(
    `kube-latency: reading trace ${trace.traceId}: expected spans of ${services.join(', ')}, ` +
      `got none of ${missing.join(', ')} within ${waitMs / 1000} s; kube-latency doctor says why`,
  );
  return 1;
}

function nextSteps(cluster: ClusterState, page: string): string {
  return `
This trace in a browser: ${page}

The cluster keeps running. What to try next:
  npx kube-latency explain last
  npx kube-latency probe --count 20 --concurrency 10
  npx kube-latency trace last
  npx kube-latency rtt
  npx kube-latency status
  export KUBECONFIG=${cluster.kubeconfig}
  npx kube-latency down`;
}

function defaultProbe(): ProbeOptions {
  return addProbeOptions(new Command()).parse([], { from: 'user' }).opts();
}
