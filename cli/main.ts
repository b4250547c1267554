#!/usr/bin/env node
import { basename } from 'node:path';
import about from '../package.json' with { type: 'json' };
import { messageOf, toError } from '../receivers/shared/errors.ts';
import { runCommandLine } from './run.ts';
import { describeTerminal } from './terminal/terminal.ts';

/** Clean-up after a fault of our own may hang. */
const faultDeadlineMs = 60_000;

const stop = new AbortController();
let faulty = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A terminal that closes sends SIGHUP more than once: only the others end the program when repeated.
    if (stop.signal.aborted && signal !== 'SIGHUP') {
      process.exit(1);
    }
    stop.abort(new Error(`stopped by ${signal}`));
  });
}

for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (caught: unknown) => {
    process.stderr.write(`kube-latency: ${messageOf(caught)}\n`);
    if (!faulty) {
      setTimeout(() => process.exit(1), faultDeadlineMs).unref();
    }
    faulty = true;
    stop.abort(toError(caught));
  });
}

// Whoever reads the output may leave early (`kube-latency trace last | head`), and a terminal may be gone:
// that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') {
    throw error;
  }
});
process.stderr.on('error', () => {
  // There is nowhere left to say it.
});

const called = basename(process.argv[1] ?? '');
const words = process.argv.slice(2);
const args =
  called === 'kubectl_complete-latency' ? ['completion', 'kubectl', '--', ...words] : words;

const exitCode = await runCommandLine(args, about.version, {
  env: process.env,
  ...(called === 'kubectl-latency' ? { called: 'kubectl latency' } : {}),
  signal: stop.signal,
  // Asked for each time: a terminal may be made wider while a command runs.
  get terminal() {
    return describeTerminal(process.stdout, process.env);
  },
  print: (text) => process.stdout.write(`${text}\n`),
  progress: (line) => process.stderr.write(`${line}\n`),
});
process.exitCode = faulty ? 1 : exitCode;
