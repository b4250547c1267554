import { basename, dirname, join } from 'node:path';

/** What the name of a file says about rotation. */
export interface RotatedName {
  /** The name without what a rotation adds: the log's own. */
  readonly plain: string;
  /** Whether a rotation added something. */
  readonly rotated: boolean;
  /** Digits of the date and time in it, or empty. */
  readonly date: string;
  /** `.3` is 3; undefined without. */
  readonly number: number | undefined;
  readonly gzip: boolean;
}

const compressed = /\.gz$/;
const numbered = /\.(\d{1,3})$/;
const dated =
  /[-.](\d{8}|\d{10}|\d{12}|\d{14}|\d{4}-\d\d-\d\d)(?:[-_T](\d{4}|\d{6}|\d{10}|\d\d[-:]\d\d[-:]\d\d))?$/;
const kept = /\.(?:old|bak)$/;

/** `messages-20240131.gz` is a `messages`; the endings are those of logrotate, the kubelet and users. */
export function parseRotatedName(name: string): RotatedName {
  let plain = name;
  let date = '';
  let number: number | undefined;
  let gzip = false;
  for (;;) {
    const ending =
      compressed.exec(plain) ?? numbered.exec(plain) ?? dated.exec(plain) ?? kept.exec(plain);
    if (ending === null || ending.index === 0) break;
    plain = plain.slice(0, ending.index);
    if (ending[0] === '.gz') gzip = true;
    else if (ending[0].length < 5 && ending[1] !== undefined) number = Number(ending[1]);
    else if (ending[1] !== undefined)
      date = `${ending[1]}${ending[2] ?? ''}`.replaceAll(/\D/g, '') + date;
  }
  return { plain, rotated: plain !== name, date, number, gzip };
}

/** The path that a file of this family has before it is rotated; its own where it has that. */
export function plainPath(path: string): string {
  return join(dirname(path), parseRotatedName(basename(path)).plain);
}

/** Oldest first within a family: by date, then the highest number, the plain name last. */
export function compareAge(a: RotatedName, b: RotatedName): number {
  const byKind = kindOf(a) - kindOf(b);
  if (byKind !== 0) return byKind;
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return (b.number ?? 0) - (a.number ?? 0);
}

function kindOf(name: RotatedName): number {
  if (name.date !== '') return 0;
  if (name.number !== undefined) return 1;
  return name.rotated ? 2 : 3;
}
