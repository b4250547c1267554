#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { runUntilStopped } from '../shared/long-running.ts';
import { loadConfig } from './config.ts';
import { flagOptions, usage } from './flags.ts';
import { run } from './run.ts';

const flags = () => parseArgs({ options: flagOptions }).values;

process.exit(
  await runUntilStopped(
    { name: 'correlator', usage, flags, loadConfig, loadSettings: loadConfig, run },
    process,
  ),
);
