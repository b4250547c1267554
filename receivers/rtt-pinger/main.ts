#!/usr/bin/env node
import { parseArgs } from 'node:util';

import packageJson from '../../package.json' with { type: 'json' };
import { exitCodeOf, messageOf, toError } from '../shared/errors.ts';
import { createLog } from '../shared/log.ts';
import { loadConfig } from './config.ts';
import { flagOptions, usage } from './flags.ts';
import { run } from './run.ts';

process.exit(await main());

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({ options: flagOptions });
    if (values.help) return say(usage);
    if (values.version) return say(packageJson.version);
    const config = loadConfig(values, process.env);
    if (values['print-config']) return say(JSON.stringify(config, null, 2));
    if (values.check) return say('the configuration is sound');
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));
    const log = await createLog('rtt-pinger');
    const { kubeconfig, context } = values;
    await run(config, {
      env: process.env,
      log,
      signal: stop.signal,
      kube: { kubeconfig, context },
    });
    return 0;
  } catch (caught) {
    process.stderr.write(`rtt-pinger: ${messageOf(caught)}\n`);
    const wrongFlag = caught instanceof TypeError && 'code' in caught;
    return wrongFlag ? 2 : exitCodeOf(toError(caught));
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
