import { Option, type Command } from 'commander';
import { StartupError } from '../../receivers/shared/errors.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { exceeded, limitArgument, type Limit } from '../rtt/limits.ts';
import { hasCells } from '../rtt/matrix.ts';
import type { ReadReport, ReportSource } from '../rtt/source/report-source.ts';
import { askedSource, type AskedSource } from '../rtt/source/asked-source.ts';
import { reportText } from '../rtt/text/report-text.ts';
import { painter } from '../terminal/paint.ts';
import { counted, printable, truncateMiddle } from '../terminal/text.ts';
import { watch } from '../rtt/watch.ts';
import { writeResult } from '../write-result.ts';

interface RttOptions extends AskedSource {
  readonly html?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly zones?: boolean;
  readonly top?: number;
  readonly failOver?: readonly Limit[];
}

type Report = Extract<ReadReport, { kind: 'read' }>;

const help = `
Each cell is the mean round trip from the row's node to the column's, over the
last 60 s. A mesh too large for the terminal is shown zone by zone, with its
worst pairs; the page of --html has all of it. Above it stand the nodes, links
and pairs of zones that the aggregator found at fault, and silent pingers.

The aggregator is the Deployment rtt-aggregator of manifests/components/rtt,
which kube-latency up brings; a cluster of your own needs it in its overlay. It
is read through the API server, with the right to get services/proxy in its
namespace.

Without --kubeconfig, KUBECONFIG and ~/.kube/config it reads the mesh of the
cluster that up made. Exits with 0, and with 1 when the matrix cannot be read,
when nothing was measured yet, or a limit of --fail-over is exceeded.

Examples:
  kube-latency rtt
  kube-latency rtt --watch
  kube-latency rtt --html mesh.html            a heat map to attach
  kube-latency rtt --zones --top 20
  kube-latency rtt --fail-over mean=2ms --fail-over loss=1%
  kube-latency rtt --json > mesh.json && kube-latency rtt --from mesh.json`;

export function defineRtt(program: Command, select: Select): void {
  program
    .command('rtt')
    .description('show the round trips between the nodes, in the terminal or as a page')
    .addOption(
      new Option(
        '--html <file>',
        'write a heat map to this file, in place of what is there',
      ).conflicts(['zones', 'top']),
    )
    .addOption(
      new Option('--json', 'print what the aggregator answered').conflicts([
        'html',
        'zones',
        'top',
      ]),
    )
    .addOption(
      new Option('--watch', 'show it anew every 5 s, until Ctrl-C').conflicts([
        'html',
        'json',
        'failOver',
      ]),
    )
    .option('--zones', 'zone by zone, though the nodes would fit')
    .option('--top <n>', 'how many of the worst pairs to list', wholeNumber(0, 1000))
    .option(
      '--fail-over <what=limit>',
      "exit 1 when a pair's mean, max or loss is more; repeatable: mean=2ms, loss=1%",
      limitArgument,
    )
    .addOption(
      new Option(
        '--from <url or file>',
        'an aggregator that is reached directly, or saved JSON (default: that of the cluster)',
      ).conflicts(['kubeconfig', 'context', 'namespace']),
    )
    .option('-n, --namespace <name>', 'namespace of the aggregator', 'kube-latency')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, the service account')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .addHelpText('after', help)
    .action((options: RttOptions) => select((context) => rtt(context, options)));
}

async function rtt(context: CommandContext, options: RttOptions): Promise<ExitCode> {
  const source = await askedSource(options, context.env);
  try {
    if (options.watch === true) {
      await watch(context, pictures(context, options, source));
      return 0;
    }
    const read = await source.read(context.signal);
    if (read.kind === 'failed') throw new StartupError(read.problem);
    await show(context, options, read);
    const over = exceeded(read.report, options.failOver ?? []);
    for (const line of over) context.progress(line);
    return over.length > 0 ? 1 : 0;
  } finally {
    source.close();
  }
}

async function show(
  context: CommandContext,
  options: RttOptions,
  { report, raw }: Report,
): Promise<void> {
  if (options.json === true) {
    context.print(JSON.stringify(raw, undefined, 2));
    return;
  }
  if (!hasCells(report)) throw new StartupError(nothingMeasured(report));
  if (options.html === undefined) {
    context.print(textOf(context, options, report));
    return;
  }
  // The bundler is needed for nothing else.
  const [{ htmlPage }, { pageShell }] = await Promise.all([
    import('../rtt/html/html-page.ts'),
    import('../rtt/html/page-shell.ts'),
  ]);
  await writeResult(options.html, htmlPage(report, await pageShell()), 'the matrix');
  context.progress(`the matrix is in ${options.html}`);
}

function nothingMeasured({ nodes, silent }: Report['report']): string {
  const heard = nodes.length - silent.length;
  const told = heard > 0 ? `it has heard ${counted(heard, 'pinger')}` : 'it has heard no pinger';
  return `the aggregator has no round trip to tell of yet: ${told} so far; ask again in 10 s, and then their logs`;
}

function textOf(
  { terminal }: CommandContext,
  { zones = false, top }: RttOptions,
  report: Report['report'],
): string {
  const { width, colour, glyphs } = terminal;
  return reportText(report, { width, colour, glyphs, zones, top });
}

/** One picture after the other. When the matrix cannot be read any more the last one stays, and that is said. */
function pictures(
  context: CommandContext,
  options: RttOptions,
  source: ReportSource,
): () => Promise<string> {
  let last: Report | undefined;
  return async () => {
    const read = await source.read(context.signal);
    if (read.kind === 'read') last = read;
    else if (last === undefined) throw new StartupError(read.problem);
    const text = textOf(context, options, last.report);
    if (read.kind === 'read') return text;
    const { width, colour, glyphs } = context.terminal;
    const problem = truncateMiddle(printable(read.problem), width, glyphs.ellipsis);
    return `${text}\n\n${painter(colour)('red', problem)}`;
  };
}
