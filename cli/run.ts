import { messageOf, toError } from '../receivers/shared/errors.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { parseCommand, programName } from './parse.ts';

/** Runs one command line; tells in one line what went wrong. Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  version: string,
  context: CommandContext,
): Promise<ExitCode> {
  const parsed = parseCommand(args, {
    version,
    width: context.terminal.width,
    called: context.called ?? programName,
  });
  switch (parsed.kind) {
    case 'text':
      context.print(parsed.text);
      return 0;
    case 'misused':
      context.progress(`kube-latency: ${parsed.problem}`);
      return 2;
    case 'run':
      try {
        return await parsed.run(context);
      } catch (error) {
        const interrupted = context.signal.aborted && error === context.signal.reason;
        context.progress(`kube-latency: ${interrupted ? 'interrupted' : messageOf(error)}`);
        return exitCodeOf(toError(error));
      }
  }
}

function exitCodeOf(error: Error): ExitCode {
  return 'exitCode' in error && error.exitCode === 2 ? 2 : 1;
}
