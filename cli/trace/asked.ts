import { Argument, InvalidArgumentError, type Command } from 'commander';
import { ConfigError } from '../../receivers/shared/errors.ts';
import { readLocalCluster } from '../cluster.ts';
import type { CommandContext } from '../command.ts';
import { durationMs, httpUrl } from '../options.ts';
import { backendAt } from './backend.ts';
import type { Trace } from './model.ts';
import { readTrace } from './read.ts';
import { parseReference, type TraceReference } from './reference.ts';
import type { ProbeSource, TraceSource } from './source.ts';

/** The options of a command that reads the trace that its argument names. */
export interface AskedOptions {
  readonly backend?: URL;
  /** Milliseconds; 0 asks once. */
  readonly wait: number;
}

/** Gives a command the argument `<trace>`, parsed into a TraceReference, and AskedOptions. */
export function addAskedTrace(command: Command): Command {
  return command
    .addArgument(
      new Argument('<trace>', 'a trace id, NAMESPACE/POD, or last').argParser(referenceArgument),
    )
    .option(
      '--backend <url>',
      'address of the pages of a viewer or a Jaeger 2 (default: that of the cluster made by up)',
      httpUrl,
    )
    .option(
      '--wait <duration>',
      'how long to wait for the trace to arrive and to stop growing',
      durationMs,
      0,
    );
}

/**
 * The trace that a command line asks for, and the backend that has it. Rejects with an error of one line where there
 * is no such trace, or no backend to ask.
 */
export async function readAskedTrace(
  context: CommandContext,
  reference: TraceReference,
  options: AskedOptions,
): Promise<{ readonly trace: Trace; readonly source: TraceSource & ProbeSource }> {
  const pages = options.backend ?? (await backendOfCluster(context));
  const source = await backendAt(pages, context.signal);
  const wait = { timeoutMs: options.wait, services: [] };
  return { trace: await readTrace(source, reference, context, wait), source };
}

async function backendOfCluster({ env }: CommandContext): Promise<URL> {
  const cluster = await readLocalCluster(env);
  if (cluster === undefined) {
    throw new ConfigError(
      'no backend to read from: expected --backend URL or a cluster made by kube-latency up, found neither',
    );
  }
  return new URL(cluster.viewerUrl);
}

function referenceArgument(text: string): TraceReference {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') {
    throw new InvalidArgumentError(parsed.problem);
  }
  return parsed.reference;
}
