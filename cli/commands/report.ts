import { Option, type Command } from 'commander';
import { StartupError } from '../../receivers/shared/errors.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { durationMs, httpUrl } from '../options.ts';
import type { GatherReportOptions } from '../report/gather-report.ts';
import { writeResult } from '../write-result.ts';

interface ReportOptions extends GatherReportOptions {
  readonly file: string;
}

const defaultSinceMs = 3_600_000;

const help = `
One HTML page that needs no network and no server: how long pods took to start
lately and where the slowest lost their time, round trips between the nodes,
how long each node took to boot, alerts, and what doctor finds. It is made from
what backend, aggregator, Prometheus and API server tell now. A part that cannot
be read is named in the page, with the reason; when none can be, there is no
page, and the exit code is 1.

Examples:
  kube-latency report
  kube-latency report --since 24h --prometheus http://127.0.0.1:9090
  kube-latency report --context staging --backend http://127.0.0.1:16686`;

export function defineReport(program: Command, select: Select): void {
  program
    .command('report')
    .description('write one page about a cluster: pod starts, round trips, boots, alerts, doctor')
    .option('--file <path>', 'where to write it', 'kube-latency-report.html')
    .addOption(
      new Option('--since <duration>', 'how far back probes are read')
        .argParser(durationMs)
        .default(defaultSinceMs, '1h'),
    )
    .option(
      '--backend <url>',
      'address of the pages of Jaeger 2 or the viewer (default: that of the cluster made by up)',
      httpUrl,
    )
    .option('--prometheus <url>', 'a Prometheus whose alerts are told (default: none)', httpUrl)
    .option('--from <url or file>', 'the mesh: an aggregator, or saved JSON (default: the cluster)')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, the service account')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .addHelpText('after', help)
    .action((options: ReportOptions) => select((context) => report(context, options)));
}

async function report(context: CommandContext, options: ReportOptions): Promise<ExitCode> {
  const { gatherReport } = await import('../report/gather-report.ts');
  const gathered = await gatherReport(context, options);
  const { atMs: _, ...parts } = gathered;
  const missing = Object.entries(parts).flatMap(([name, part]) =>
    part.kind === 'missing' ? [`${name}: ${part.why}`] : [],
  );
  if (missing.length === Object.keys(parts).length)
    throw new StartupError(`nothing to report: ${missing.join('; ')}`);
  for (const line of missing) context.progress(`without ${line}`);
  const [{ htmlPage }, { pageShell }] = await Promise.all([
    import('../report/html/html-page.ts'),
    import('../report/html/page-shell.ts'),
  ]);
  await writeResult(options.file, htmlPage(gathered, await pageShell()), 'the report');
  context.progress(`the report is in ${options.file}`);
  return 0;
}
