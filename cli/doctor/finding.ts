/** `unknown`: it could not be seen, and is not guessed. */
export type Level = 'ok' | 'warning' | 'problem' | 'unknown';

/** What is examined, in the order in which it is told. */
export const components = [
  'api-server',
  'etcd',
  'kubelet',
  'container-runtime',
  'prober',
  'correlator',
  'clocks',
  'collectors',
  'backend',
] as const;

export type ComponentName = (typeof components)[number];

/** What one check found out about one component. */
export interface Finding {
  readonly component: ComponentName;
  /** The node on which the component runs; null where it has none, or it is not known. */
  readonly node: string | null;
  /** What was checked: a word or two, stable. */
  readonly check: string;
  readonly level: Level;
  readonly found: string;
  readonly expected: string;
  /** The exact change that is needed, of one or several lines; null where none is, or none helps. */
  readonly fix: string | null;
}

/** What a check says; the component and its node are added by whoever asks. */
export type Verdict = Omit<Finding, 'component' | 'node' | 'check'>;

export function ok(found: string, expected: string): Verdict {
  return { level: 'ok', found, expected, fix: null };
}

export function warning(found: string, expected: string, fix: string | null = null): Verdict {
  return { level: 'warning', found, expected, fix };
}

export function problem(found: string, expected: string, fix: string | null = null): Verdict {
  return { level: 'problem', found, expected, fix };
}

export function unknown(found: string, expected: string, fix: string | null = null): Verdict {
  return { level: 'unknown', found, expected, fix };
}
