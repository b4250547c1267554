import { Command, CommanderError } from 'commander';
import type { RunCommand, Select } from './command.ts';
import { defineCompletion } from './commands/completion.ts';
import { defineBoot } from './commands/boot.ts';
import { defineDoctor } from './commands/doctor.ts';
import { defineDown } from './commands/down.ts';
import { defineExplain } from './commands/explain.ts';
import { defineProbe } from './commands/probe.ts';
import { defineReport } from './commands/report.ts';
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

/** The command's own name. */
export const programName = 'kube-latency';

/** What help tells of the program, and how wide. */
interface About {
  readonly version: string;
  readonly width: number;
  readonly called: string;
}

/** The program with all of its commands; `select` is told what a command line asks for. */
export function programOf(about: About, select: Select): Command {
  const program = new Command(about.called)
    .description(description)
    .version(about.version)
    .exitOverride()
    .configureOutput({
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
    defineReport,
    defineView,
    defineSecrets,
    defineCompletion,
  ]) {
    define(program, select);
  }
  return program;
}

/** Reads a command line without doing anything yet. */
export function parseCommand(args: readonly string[], about: About): ParsedCommand {
  let text = '';
  let run: RunCommand | undefined;
  const program = programOf(about, (selected) => (run = selected));
  const write = (part: string): string => (text += part);
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: write, writeErr: write });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    return explain(error, asCalled(text, about.called));
  }
  return run === undefined
    ? { kind: 'text', text: asCalled(program.helpInformation(), about.called) }
    : { kind: 'run', run };
}

/** Help, with its examples as the user would type them. */
function asCalled(text: string, called: string): string {
  return text.replaceAll(new RegExp(`^  ${programName} `, 'gm'), `  ${called} `);
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
    .replace(
      /^(option '.*?') argument '(.*?)' is invalid\. (.*)$/s,
      (_, option: string, got: string, expected: string) => `${option}: ${withGot(expected, got)}`,
    )
    .replace(
      /^command-argument value '(.*?)' is invalid for argument '(.*?)'\. (.*)$/s,
      (_, got: string, argument: string, expected: string) =>
        `<${argument}>: ${withGot(expected, got)}`,
    )
    .replace(/\.$/, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  return { kind: 'misused', problem };
}

/** What was expected, in our words, and what came instead. */
function withGot(expected: string, got: string): string {
  const text = expected
    .replace(/^Allowed choices are (.*)\.$/, 'expected one of $1')
    .replace(/\.$/, '')
    .replace(/^E(?=xpected )/, 'e');
  return text.includes(', got ') ? text : `${text}, got '${got}'`;
}
