import packageJson from '../../package.json' with { type: 'json' };
import { exitCodeOf, messageOf, toError } from './errors.ts';
import type { KubeConfigChoice } from './kubernetes/config.ts';
import { createLog, type Log } from './log.ts';

/** The flags that every long-running receiver has. */
export interface CommonFlags {
  readonly help?: boolean | undefined;
  readonly version?: boolean | undefined;
  readonly check?: boolean | undefined;
  readonly 'print-config'?: boolean | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** What a receiver runs with. */
export interface RunContext {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Aborted when it is to stop. */
  readonly signal: AbortSignal;
  readonly kube: KubeConfigChoice;
  /** Prints a result, with a newline behind it, to standard output. */
  readonly print: (text: string) => void;
}

/** A receiver that runs until it is told to stop. */
export interface Receiver<Flags extends CommonFlags, Config> {
  readonly name: string;
  readonly usage: string;
  /** Throws a TypeError with a code where the command line is wrong. */
  readonly flags: () => Flags;
  readonly loadConfig: (flags: Flags, env: NodeJS.ProcessEnv) => Config;
  /** Gives an exit code of its own; none: 0. */
  readonly run: (config: Config, context: RunContext) => Promise<number | void>;
}

/**
 * Does what the command line asks for and gives the exit code: 0, 1 (failed), 2 (wrong flag or configuration), or the receiver's own. The
 * first SIGTERM or SIGINT stops the receiver, the second ends the program.
 */
export async function runUntilStopped<Flags extends CommonFlags, Config>(
  receiver: Receiver<Flags, Config>,
  host: NodeJS.Process,
): Promise<number> {
  const { name, usage, loadConfig, run } = receiver;
  const print = (text: string): void => void host.stdout.write(`${text}\n`);
  const say = (text: string): number => {
    print(text);
    return 0;
  };
  try {
    const flags = receiver.flags();
    if (flags.help === true) return say(usage);
    if (flags.version === true) return say(packageJson.version);
    const config = loadConfig(flags, host.env);
    if (flags['print-config'] === true) return say(JSON.stringify(config, null, 2));
    if (flags.check === true) return say('the configuration is sound');
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      host.on(signal, () => (stop.signal.aborted ? host.exit(1) : stop.abort()));
    const log = await createLog(name);
    const { kubeconfig, context } = flags;
    const kube = { kubeconfig, context };
    return (await run(config, { env: host.env, log, signal: stop.signal, kube, print })) ?? 0;
  } catch (caught) {
    host.stderr.write(`${name}: ${messageOf(caught)}\n`);
    const wrongFlag = caught instanceof TypeError && 'code' in caught;
    return wrongFlag ? 2 : exitCodeOf(toError(caught));
  }
}
