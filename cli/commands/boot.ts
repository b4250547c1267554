import { InvalidArgumentError, Option, type Command } from 'commander';
import { classicJson, recordJson } from '../../receivers/log-tailer/boot/chart/json.ts';
import { markdownChart } from '../../receivers/log-tailer/boot/chart/markdown.ts';
import { anchoredAt } from '../../receivers/log-tailer/boot/measure.ts';
import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import { StartupError } from '../../receivers/shared/errors.ts';
import { askedBoots, type AskedBoots } from '../boot/asked-boots.ts';
import { bootArgument, chooseBoot } from '../boot/choose-boot.ts';
import { bootText } from '../boot/text/boot-text.ts';
import { traceOfBoot } from '../boot/trace-of-boot.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { counted } from '../terminal/text.ts';
import { waterfall } from '../trace/waterfall.ts';
import { writeResult } from '../write-result.ts';

interface BootOptions extends AskedBoots {
  readonly output: 'text' | 'markdown' | 'json' | 'html' | 'waterfall';
  readonly file?: string;
  readonly boot: string;
  readonly classic?: boolean;
  readonly comments: boolean;
  readonly anchor?: string;
}

const help = `
Paths are of logs that were taken from a node: folders that hold its root or its
/var/log, and files, also of systemd's journal and of its export. No cluster, no
cloud and no network is needed for them.

Without paths a boot is told by the log tailer of its node, which is asked through the API
server; that takes the rights to list pods and to get pods/proxy in its
namespace. Where none runs, what the API itself tells is shown.

Without --kubeconfig, KUBECONFIG and ~/.kube/config it asks the cluster that up
made. Exits with 0, with 1 when no boot can be read, with 3 when a terminal
event is missing.

Examples:
  kube-latency boot ./var/log                          logs that were taken along
  kube-latency boot --node worker-1
  kube-latency boot --output html --file boot.html     a page to attach
  kube-latency boot --output json > boot.json && kube-latency boot --from boot.json
  kube-latency boot --output markdown --classic        as node-latency-for-k8s`;

export function defineBoot(program: Command, select: Select): void {
  program
    .command('boot')
    .argument('[paths...]', 'logs of a node (default: ask its log tailer)')
    .description("chart a node's boot: from the kernel to the first pod that is ready")
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['text', 'markdown', 'json', 'html', 'waterfall'])
        .default('text'),
    )
    .option('--file <path>', 'write it to this file, in place of what is there (default: print it)')
    .option('--boot <which>', '0: the last, -1: the one before it, or an id', bootArgument, '0')
    .option('--anchor <metric>', 'event at time zero (default: the earliest)')
    .option('--no-comments', 'leave comments out')
    .option('--classic', "markdown and JSON in node-latency-for-k8s' units")
    .option('--pack <name or path>', 'what to look for in logs', 'auto')
    .option('--time-zone <name>', "of stamps that tell none (default: the node's, else UTC)")
    .addOption(
      new Option(
        '--year <year>',
        'of stamps that tell none (default: by when files changed)',
      ).argParser(wholeNumber(1990, 2200)),
    )
    .addOption(
      new Option(
        '--from <url or file>',
        'a log tailer that is reached directly, or saved JSON (default: that of the node)',
      ).conflicts(['kubeconfig', 'context', 'namespace', 'node']),
    )
    .option('--node <name>', 'node of the cluster (default: the only one)')
    .option('-n, --namespace <name>', 'namespace of the log tailers', 'kube-latency-node')
    .option('--pod-namespace <name>', 'namespace of the measured pod; empty: any', 'default')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, the service account')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .addHelpText('after', help)
    .action((paths: string[], options: Omit<BootOptions, 'paths'>) => {
      const { from, node } = options;
      if (paths.length > 0 && (from !== undefined || node !== undefined))
        throw new InvalidArgumentError('expected paths, or --from, or --node, got several');
      select((context) => boot(context, { ...options, paths }));
    });
}

async function boot(context: CommandContext, options: BootOptions): Promise<ExitCode> {
  const read = await askedBoots(options, context);
  if (read.kind === 'failed') throw new StartupError(read.problem);
  for (const note of read.notes) context.progress(note);
  const record = anchored(chooseBoot(read.boots, options.boot), options, context);
  if (read.boots.length > 1)
    context.progress(`there are ${counted(read.boots.length, 'boot')}; --boot chooses another`);
  const text = await render(record, options, context);
  if (options.file === undefined) {
    context.print(text);
  } else {
    await writeResult(options.file, text, 'the boot');
    context.progress(`the boot is in ${options.file}`);
  }
  const { complete, missing } = record.measurement;
  if (complete) return 0;
  const awaited = missing.filter((each) => each.awaited).map(({ event }) => event.metric);
  context.progress(`not complete, for it was not told of: ${awaited.join(', ')}`);
  return 3;
}

function anchored(
  record: BootRecord,
  { anchor }: BootOptions,
  { progress }: CommandContext,
): BootRecord {
  if (anchor === undefined) return record;
  const measurement = anchoredAt(record.measurement, anchor);
  if (measurement.zero?.event !== anchor)
    progress(`${anchor} has not happened; time zero is the earliest event`);
  return { ...record, measurement };
}

async function render(
  record: BootRecord,
  { output, classic = false, comments }: BootOptions,
  { terminal }: CommandContext,
): Promise<string> {
  switch (output) {
    case 'text':
      return bootText(record, { ...terminal, comments });
    case 'markdown':
      return markdownChart(record, { classic, comments });
    case 'json':
      return classic ? classicJson(record) : JSON.stringify(recordJson(record), undefined, 2);
    case 'waterfall': {
      const trace = traceOfBoot(record);
      return trace === undefined
        ? bootText(record, { ...terminal, comments })
        : waterfall(trace, terminal);
    }
    case 'html': {
      // The bundler is needed for nothing else.
      const [{ htmlPage }, { pageShell }] = await Promise.all([
        import('../boot/html/html-page.ts'),
        import('../boot/html/page-shell.ts'),
      ]);
      return htmlPage(record, await pageShell());
    }
  }
}
