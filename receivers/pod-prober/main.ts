#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import packageJson from '../../package.json' with { type: 'json' };
import { exitCodeOf, messageOf, toError } from '../shared/errors.ts';
import { createLog } from '../shared/log.ts';
import { addProbeOptions, probeConfig, type ProbeOptions } from './config.ts';
import { formatReport } from './report-text.ts';
import { runProbes } from './run.ts';

/** Clean-up after a fault of our own may hang: the longest way of a run that is stopped, and a margin. */
const faultDeadlineMs = 60_000;

const stop = new AbortController();
let faulty = false;

// A terminal that closes sends SIGHUP more than once: only the others end the program when repeated.
process.on('SIGHUP', () => stop.abort());
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));
}
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (caught: unknown) => {
    process.stderr.write(`pod-prober: ${messageOf(caught)}\n`);
    if (!faulty) setTimeout(() => process.exit(1), faultDeadlineMs).unref();
    faulty = true;
    stop.abort();
  });
}

// Whoever reads the report may leave early, and a terminal may be gone: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
});
process.stderr.on('error', () => {
  // There is nowhere left to say it.
});

async function main(options: ProbeOptions): Promise<number> {
  const config = probeConfig(options, process.env);
  const log = await createLog('pod-prober');
  const report = await runProbes(config, { signal: stop.signal, env: process.env, log });
  const text = config.output === 'json' ? `${JSON.stringify(report)}\n` : formatReport(report);
  await new Promise((resolve) => process.stdout.write(text, resolve));
  return faulty ? 1 : report.exitCode;
}

const command = addProbeOptions(new Command('pod-prober'))
  .description('Measures the life of short-lived pods and tells each as one trace.')
  .version(packageJson.version)
  .exitOverride()
  .action(async (options: ProbeOptions) => process.exit(await main(options)));

try {
  await command.parseAsync();
} catch (caught) {
  const usage = caught instanceof CommanderError;
  if (!usage) process.stderr.write(`pod-prober: ${messageOf(caught)}\n`);
  if (usage && caught.exitCode === 0) process.exit(0);
  process.exit(usage ? 2 : exitCodeOf(toError(caught)));
}
