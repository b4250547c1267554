import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import type { Log } from '../../receivers/shared/log.ts';

/** What the log of a prober's container has told. */
export interface JobLog {
  /** A stream begins, which tells again what was told before. */
  readonly restart: () => void;
  readonly read: (line: string) => void;
  readonly report: () => ProbeReport | undefined;
  /** What the program said when it ended for another reason; undefined: nothing. */
  readonly lastWords: () => string | undefined;
}

/** An entry of the prober's log (pino). */
interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
}

const methods = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' } as const;
const program = 'pod-prober: ';

/**
 * Takes a container's log apart, in which standard output and standard error are one: entries of the prober's log go to
 * `log`, each once; the report and the program's last words are kept; all else is for `progress`.
 */
export function createJobLog(log: Log, progress: (line: string) => void): JobLog {
  let toldMs = -Infinity;
  let restartedAtMs = -Infinity;
  let report: ProbeReport | undefined;
  let lastWords: string | undefined;
  const others = new Set<string>();

  function entry({ level, time, msg, ...rest }: Entry): void {
    if (time <= restartedAtMs) return;
    toldMs = Math.max(toldMs, time);
    const method = methods[level as keyof typeof methods] ?? 'error';
    const { name: _name, ...fields } = rest as Record<string, unknown>;
    log[method](fields, msg);
  }

  function other(line: string): void {
    if (line.trim() === '' || others.has(line)) return;
    // Against a program that writes without end.
    if (others.size < 1000) others.add(line);
    if (line.startsWith(program)) lastWords = line.slice(program.length);
    else progress(line);
  }

  return {
    restart: () => (restartedAtMs = toldMs),
    read: (line) => {
      const value = parse(line);
      if (isReport(value)) report = value;
      else if (isEntry(value)) entry(value);
      else other(line);
    },
    report: () => report,
    lastWords: () => lastWords,
  };
}

function parse(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Words that begin with a brace, or a line that was cut.
    return undefined;
  }
}

function isReport(value: unknown): value is ProbeReport {
  return typeof value === 'object' && value !== null && 'probes' in value && 'exitCode' in value;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'level' in value &&
    'time' in value &&
    typeof value.time === 'number' &&
    'msg' in value &&
    typeof value.msg === 'string'
  );
}
