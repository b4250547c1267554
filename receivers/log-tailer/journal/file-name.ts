/** What a journal file's name says. */
export interface JournalName {
  /** `system`, `user-1000`, or what a remote writer called it: what is rotated keeps it. */
  readonly kind: string;
  /** Nothing will be written to it any more. */
  readonly isRotated: boolean;
}

const pattern = /^(?<kind>.+?)(?<rotated>@[\da-f]+(?:-[\da-f]+)+)?\.journal(?<damaged>~)?$/;

/** Reads a name such as `system@<id>-<number>-<time>.journal`; undefined where it is no journal's. */
export function parseJournalName(name: string): JournalName | undefined {
  const groups = pattern.exec(name)?.groups;
  if (groups === undefined) return undefined;
  const { kind = '', rotated, damaged } = groups;
  return { kind, isRotated: rotated !== undefined || damaged !== undefined };
}

/** Whether a file is of a user's session, and not of the system. */
export const isUsers = ({ kind }: JournalName): boolean => /^user-\d+$/.test(kind);

/** A folder of a machine: those of journald's namespaces have a name behind it, and are none. */
export const isMachineId = (name: string): boolean => /^[\da-f]{32}$/.test(name);
