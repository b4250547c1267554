import type { CommandContext } from '../../../cli/command.ts';
import { asciiGlyphs } from '../../../cli/terminal/glyphs.ts';

export interface RecordedContext extends CommandContext {
  /** What was printed to standard output and standard error. */
  readonly printed: { readonly out: string[]; readonly err: string[] };
}

/** A context that keeps what a command prints; no cluster and no kubeconfig unless the environment names one. */
export function recordedContext(
  env: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): RecordedContext {
  const printed = { out: [] as string[], err: [] as string[] };
  return {
    env: { XDG_STATE_HOME: '/nonexistent', ...env },
    signal,
    terminal: { width: 80, height: undefined, colour: false, glyphs: asciiGlyphs },
    print: (text) => printed.out.push(text),
    progress: (line) => printed.err.push(line),
    printed,
  };
}
