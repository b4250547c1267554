#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { runUntilStopped } from '../shared/long-running.ts';
import { loadConfig } from './config.ts';
import { flagOptions, usage, withoutBooleans } from './flags.ts';
import { run } from './run.ts';

const flags = () =>
  parseArgs({
    args: withoutBooleans(process.argv.slice(2)),
    options: flagOptions,
    allowNegative: true,
  }).values;

process.exit(
  await runUntilStopped(
    { name: 'log-tailer', usage, flags, loadConfig, loadSettings: loadConfig, run },
    process,
  ),
);
