import type { Print } from './print.ts';

/** A place in a log where reading can begin again. */
export interface Mark {
  readonly offset: number;
  /** The last bytes before it. */
  readonly anchor: Print;
}

/** Most that wait for their acknowledgement; beyond, every other is left out. */
const most = 64;

export function addMark(marks: Mark[], mark: Mark): void {
  marks.push(mark);
  if (marks.length <= most) return;
  const last = marks.length - 1;
  const kept = marks.filter((_, index) => (last - index) % 2 === 0);
  marks.splice(0, marks.length, ...kept);
}

/** Takes away all marks up to an offset, and gives the last of them. */
export function takeMarks(marks: Mark[], offset: number): Mark | undefined {
  let taken = 0;
  while ((marks[taken]?.offset ?? Infinity) <= offset) taken++;
  return marks.splice(0, taken).at(-1);
}
