#!/usr/bin/env node
import about from '../package.json' with { type: 'json' };
import { runCommandLine } from './run.ts';
import { describeTerminal } from './terminal/terminal.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      process.exit(1);
    }
    stop.abort(new Error(`stopped by ${signal}`));
  });
}

// Whoever reads the output may leave early (`kube-latency trace last | head`): that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), about.version, {
  env: process.env,
  signal: stop.signal,
  terminal: describeTerminal(process.stdout, process.env),
  print: (text) => process.stdout.write(`${text}\n`),
  progress: (line) => process.stderr.write(`${line}\n`),
});
