import { Command, CommanderError } from 'commander';
import type { RunCommand } from './command.ts';
import { defineBoot } from './commands/boot.ts';
import { defineDoctor } from './commands/doctor.ts';
import { defineDown } from './commands/down.ts';
import { defineExplain } from './commands/explain.ts';
import { defineProbe } from './commands/probe.ts';
import { defineRtt } from './commands/rtt.ts';
import { defineSecrets } from './commands/secrets.ts';
import { defineStart } from './commands/start.ts';
import { defineStatus } from './commands/status.ts';
import { defineTrace } from './commands/trace.ts';
import { defineUp } from './commands/up.ts';
import { defineView } from './commands/view.ts';

export type ParsedCommand =
  | { readonly kind: 'run'; readonly run: RunCommand }
  /** Help or the version, asked for. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'misused'; readonly problem: string };

const description =
  'Where does the time of a starting pod go? Measures it, and traces it from end to end.';

const examples = `
Examples:
  kube-latency start                       a cluster, one probe, its trace, what to try next
  kube-latency probe --count 20 --concurrency 10
  kube-latency trace last
  kube-latency explain last`;

/** Reads a command line without doing anything yet. */
export function parseCommand(
  args: readonly string[],
  about: { readonly version: string; readonly width: number },
): ParsedCommand {
  let text = '';
  let run: RunCommand | undefined;
  const program = new Command('kube-latency')
    .description(description)
    .version(about.version)
    .exitOverride()
    .configureOutput({
      writeOut: (part) => (text += part),
      writeErr: (part) => (text += part),
      outputError: () => undefined,
      getOutHelpWidth: () => about.width,
      getErrHelpWidth: () => about.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', examples);
  for (const define of [
    defineStart,
    defineUp,
    defineDown,
    defineStatus,
    defineDoctor,
    defineProbe,
    defineTrace,
    defineExplain,
    defineRtt,
    defineBoot,
    defineView,
    defineSecrets,
  ]) {
    define(program, (selected) => (run = selected));
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    return explain(error, text);
  }
  return run === undefined
    ? { kind: 'text', text: program.helpInformation() }
    : { kind: 'run', run };
}

function explain(error: CommanderError, text: string): ParsedCommand {
  if (error.exitCode === 0) {
    return { kind: 'text', text: text.trimEnd() };
  }
  if (error.code === 'commander.help') {
    return { kind: 'misused', problem: 'no command given; kube-latency --help lists them' };
  }
  const problem = error.message
    .replace(/^error: /, '')
    .replace(/^(option '.*?') argument '.*?' is invalid\. /, '$1: ')
    .replace(/^command-argument value '.*?' is invalid for argument '(.*?)'\. /, '<$1>: ')
    .replace(/Allowed choices are (.*)\.$/, 'expected one of $1')
    .replace(/\.$/, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  return { kind: 'misused', problem };
}
