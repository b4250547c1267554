/** What the user gave is wrong: flags, environment, kubeconfig. The command ends with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;
  /** Tells apart what a caller may want to answer; undefined for all else. */
  readonly code: 'no-kubeconfig' | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly code?: 'no-kubeconfig' }) {
    super(message, options);
    this.code = options?.code;
  }
}

/** What the user gave is sound, yet the work cannot begin: no connection, no right. Ends with 1. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly exitCode = 1;
}

/** Turns anything caught into an Error, keeping it where it is one. */
export function toError(caught: unknown): Error {
  return caught instanceof Error ? caught : new Error(String(caught));
}

/**
 * The innermost sentence of an error on one line: an AggregateError (a connect to several
 * addresses) has an empty message of its own, so its first member speaks.
 */
export function messageOf(caught: unknown): string {
  const error = toError(caught);
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const message = error.message !== '' || inner === undefined ? error.message : messageOf(inner);
  return (message === '' ? error.name : message).replaceAll(/\s*\n\s*/g, ' ');
}

/** The exit code that an error stands for: that of our own classes, else 1. */
export function exitCodeOf(error: Error): 1 | 2 {
  return error instanceof ConfigError ? error.exitCode : 1;
}
