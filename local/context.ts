/** What the commands of the local cluster get from the program that runs them. */
export interface LocalContext {
  /** Called with one line, without a line break, for each thing worth telling a waiting user. */
  readonly progress: (line: string) => void;
  /** Ends what is under way; `up` then removes all it made before it rejects. */
  readonly signal: AbortSignal;
  /** PATH, HOME, XDG_STATE_HOME, XDG_CACHE_HOME and what Go reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
