import { Option, type Command } from 'commander';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { addAskedTrace, readAskedTrace, type AskedOptions } from '../trace/asked.ts';
import { htmlPage } from '../trace/html/html-page.ts';
import type { Trace } from '../trace/model.ts';
import type { TraceReference } from '../trace/reference.ts';
import { waterfall } from '../trace/waterfall.ts';
import { writeResult } from '../write-result.ts';

interface TraceOptions extends AskedOptions {
  readonly output: 'waterfall' | 'json' | 'html';
  readonly file?: string;
}

const examples = `
Examples:
  kube-latency trace last                      the newest probe
  kube-latency trace default/probe-0a1b2c3d4e5f6071
  kube-latency trace 4bf92f3577b34da6a3ce929d0e0e4736 --output json
  kube-latency trace last --output html --file trace.html    a page to attach`;

export function defineTrace(program: Command, select: Select): void {
  const command = program
    .command('trace')
    .description('draw one trace, read back from the backend, in the terminal or as a page')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['waterfall', 'json', 'html'])
        .default('waterfall'),
    )
    .option(
      '--file <path>',
      'write it to this file, in place of what is there (default: print it)',
    );
  addAskedTrace(command)
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
  const { trace: found } = await readAskedTrace(context, reference, options);
  const text = await render(found, options.output, context);
  if (options.file === undefined) {
    context.print(text);
  } else {
    await writeResult(options.file, text, 'the trace');
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
