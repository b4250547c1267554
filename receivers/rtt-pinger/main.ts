#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { runUntilStopped, type RunContext } from '../shared/long-running.ts';
import { printedConfig } from '../shared/printed-config.ts';
import type { ConfigFlags } from './config.ts';
import { flagOptions, usage } from './flags.ts';
import type { Config } from './schema.ts';
import { settingsOf, type Settings } from './settings.ts';

const name = 'rtt-pinger';
const flags = () => parseArgs({ options: flagOptions }).values;
const loadConfig = async (given: ConfigFlags, env: NodeJS.ProcessEnv): Promise<Config> =>
  (await import('./config.ts')).loadConfig(given, env);
const loadSettings = async (): Promise<Settings> =>
  settingsOf(await printedConfig<Config>(name, process));
const run = async (settings: Settings, context: RunContext): Promise<void> =>
  (await import('./run.ts')).run(settings, context);

process.exit(await runUntilStopped({ name, usage, flags, loadConfig, loadSettings, run }, process));
