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
export interface Receiver<Flags extends CommonFlags, Config, Settings> {
  readonly name: string;
  readonly usage: string;
  /** Throws a TypeError with a code where the command line is wrong. */
  readonly flags: () => Flags;
  /** The configuration, for whoever looks at it. */
  readonly loadConfig: (flags: Flags, env: NodeJS.ProcessEnv) => Config | Promise<Config>;
  /** What it runs with, which may be the same. */
  readonly loadSettings: (flags: Flags, env: NodeJS.ProcessEnv) => Settings | Promise<Settings>;
  /** Gives an exit code of its own; none: 0. */
  readonly run: (settings: Settings, context: RunContext) => Promise<number | void>;
}

/**
 * Does what the command line asks for and gives the exit code: 0, 1 (failed), 2 (wrong flag or configuration), or the receiver's own. The
 * first SIGTERM or SIGINT stops the receiver, the second ends the program.
 */
export async function runUntilStopped<Flags extends CommonFlags, Config, Settings>(
  receiver: Receiver<Flags, Config, Settings>,
  host: NodeJS.Process,
): Promise<number> {
  const { name, usage, loadConfig, loadSettings, run } = receiver;
  const print = (text: string): void => void host.stdout.write(`${text}\n`);
  // Who ends before a pipe has taken all of it cuts it off.
  const say = (text: string): Promise<number> =>
    new Promise((resolve) => host.stdout.write(`${text}\n`, () => resolve(0)));
  try {
    const flags = receiver.flags();
    if (flags.help === true) return await say(usage);
    if (flags.version === true) return await say(packageJson.version);
    if (flags['print-config'] === true || flags.check === true) {
      const text = JSON.stringify(await loadConfig(flags, host.env), null, 2);
      return await say(flags['print-config'] === true ? text : 'the configuration is sound');
    }
    const settings = await loadSettings(flags, host.env);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      host.on(signal, () => (stop.signal.aborted ? host.exit(1) : stop.abort()));
    const log = await createLog(name);
    const { kubeconfig, context } = flags;
    const kube = { kubeconfig, context };
    return (await run(settings, { env: host.env, log, signal: stop.signal, kube, print })) ?? 0;
  } catch (caught) {
    host.stderr.write(`${name}: ${messageOf(caught)}\n`);
    const wrongFlag = caught instanceof TypeError && 'code' in caught;
    return wrongFlag ? 2 : exitCodeOf(toError(caught));
  }
}
