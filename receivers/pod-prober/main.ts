#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import packageJson from '../../package.json' with { type: 'json' };
import { exitCodeOf, messageOf, toError } from '../shared/errors.ts';
import { createLog } from '../shared/log.ts';
import { addProbeOptions, probeConfig, type ProbeOptions } from './config.ts';
import { formatReport } from './report-text.ts';
import { runProbes } from './run.ts';

async function main(options: ProbeOptions): Promise<number> {
  const config = probeConfig(options, process.env);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));
  }
  const log = await createLog('pod-prober');
  const report = await runProbes(config, { signal: stop.signal, env: process.env, log });
  const text = config.output === 'json' ? `${JSON.stringify(report)}\n` : formatReport(report);
  await new Promise((resolve) => process.stdout.write(text, resolve));
  return report.exitCode;
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
