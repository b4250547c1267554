import { writeFile } from 'node:fs/promises';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { ConfigError, messageOf, StartupError } from '../../receivers/shared/errors.ts';
import { readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { durationMs, httpUrl } from '../options.ts';
import { htmlPage } from '../trace/html/html-page.ts';
import type { Trace } from '../trace/model.ts';
import { describeReference, parseReference, type TraceReference } from '../trace/reference.ts';
import type { TraceSource } from '../trace/source.ts';
import { viewerSource } from '../trace/viewer/source.ts';
import { awaitTrace, monotonicClock } from '../trace/wait.ts';
import { waterfall } from '../trace/waterfall.ts';

interface TraceOptions {
  readonly output: 'waterfall' | 'json' | 'html';
  readonly file?: string;
  readonly backend?: URL;
  readonly wait: number;
}

const examples = `
Examples:
  kube-latency trace last                      the newest probe
  kube-latency trace default/probe-0a1b2c3d4e5f6071
  kube-latency trace 4bf92f3577b34da6a3ce929d0e0e4736 --output json
  kube-latency trace last --output html --file trace.html    a page to attach`;

export function defineTrace(program: Command, select: Select): void {
  program
    .command('trace')
    .description('draw one trace, read back from the backend, in the terminal or as a page')
    .addArgument(
      new Argument('<trace>', 'a trace id, NAMESPACE/POD, or last').argParser(referenceArgument),
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['waterfall', 'json', 'html'])
        .default('waterfall'),
    )
    .option('--file <path>', 'write it to this file, in place of what is there (default: print it)')
    .option(
      '--backend <url>',
      "address of the viewer's pages (default: that of the cluster made by up)",
      httpUrl,
    )
    .option(
      '--wait <duration>',
      'how long to wait for the trace to arrive and to stop growing',
      durationMs,
      0,
    )
    .addHelpText('after', examples)
    .action((reference: TraceReference, options: TraceOptions) =>
      select((context) => trace(context, reference, options)),
    );
}

async function trace(
  context: CommandContext,
  reference: TraceReference,
  options: TraceOptions,
): Promise<ExitCode> {
  const source = viewerSource(options.backend ?? (await backendOfCluster(context)));
  const found = await readTrace(source, reference, context, {
    timeoutMs: options.wait,
    services: [],
  });
  const text = await render(found, options.output, context);
  if (options.file === undefined) {
    context.print(text);
  } else {
    await writeResult(options.file, text);
    context.progress(`trace ${found.traceId} is in ${options.file}`);
  }
  return 0;
}

async function render(
  found: Trace,
  output: TraceOptions['output'],
  { terminal }: CommandContext,
): Promise<string> {
  switch (output) {
    case 'json':
      return JSON.stringify(found, undefined, 2);
    case 'waterfall':
      return waterfall(found, terminal);
    case 'html': {
      // The bundler is needed for nothing else.
      const { pageShell } = await import('../trace/html/page-shell.ts');
      return htmlPage(found, await pageShell());
    }
  }
}

async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, `${text}\n`);
  } catch (error) {
    throw new StartupError(`writing the trace to ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads one trace; rejects with one line that says what was asked of whom when there is none. */
export async function readTrace(
  source: TraceSource,
  reference: TraceReference,
  { signal }: Pick<CommandContext, 'signal'>,
  wait: { readonly timeoutMs: number; readonly services: readonly string[] },
): Promise<Trace> {
  const found = await awaitTrace(source, reference, { ...wait, signal, clock: monotonicClock });
  switch (found.kind) {
    case 'found':
      return found.trace;
    case 'missing':
      throw new StartupError(
        `looking for ${describeReference(reference)} in ${source.address}: found none; ` +
          'spans take up to 10 s to arrive, --wait waits for them',
      );
    case 'failed':
      throw new StartupError(
        `reading ${describeReference(reference)} from the backend ${source.address}: ${found.problem}; ` +
          'kube-latency status says whether the viewer runs, --backend names another',
      );
  }
}

/** Address of the backend of the cluster made by up. Rejects with a ConfigError where there is none. */
export async function backendOfCluster({ env }: CommandContext): Promise<URL> {
  const cluster = await readLocalCluster(env);
  if (cluster === undefined) {
    throw new ConfigError(
      'no backend to read from: expected --backend URL or a cluster made by kube-latency up, found neither',
    );
  }
  return new URL(cluster.viewerUrl);
}

/** Option parser for a reference to a trace. */
export function referenceArgument(text: string): TraceReference {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') {
    throw new InvalidArgumentError(parsed.problem);
  }
  return parsed.reference;
}
