import type { Glyphs } from './terminal/glyphs.ts';

/** 0 done, 1 failed, 2 bad usage or configuration, 3 done, but what was measured is not complete. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Terminal {
  /** Columns of standard output. */
  readonly width: number;
  /** Rows of standard output; undefined: it is no terminal. */
  readonly height: number | undefined;
  readonly colour: boolean;
  readonly glyphs: Glyphs;
}

/** What a command gets from the program that runs it. */
export interface CommandContext {
  /** How the user calls the program where it is not `kube-latency`: `kubectl latency`. */
  readonly called?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends what is under way; a command then cleans up and rejects or returns. */
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  /** Prints a result, with a newline behind it, to standard output. */
  readonly print: (text: string) => void;
  /** Tells a waiting user something, one line, on standard error. */
  readonly progress: (line: string) => void;
}

/**
 * Runs one command with the options it was given. Rejects with an error of one line; its `exitCode`, where it has
 * one, is the command's.
 */
export type RunCommand = (context: CommandContext) => Promise<ExitCode>;

/** Called by a command's definition when the command line asks for it. */
export type Select = (run: RunCommand) => void;
