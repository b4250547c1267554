import { containerLine, unescaped } from '../clock/container-line.ts';
import { lineHead } from '../clock/line-head.ts';
import type { Stamp } from '../clock/stamp.ts';
import type { TextSource } from './text-source.ts';

/** A line, taken apart. */
export interface ReadLine {
  readonly line: Buffer;
  /** Undefined where the line has none that is understood. */
  readonly stamp: Stamp | undefined;
  /** What is looked at by patterns: all that follows the stamp. */
  readonly text: string;
  /** Where `text` begins in `line`, if it stands there as it is. */
  readonly textAt: number;
}

const carriageReturn = 0x0d;

/** Takes a line apart, as logs of its form are written. */
export function readLine(bytes: Buffer, form: TextSource['form']): ReadLine {
  const line = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
  if (form === 'container') return readContainerLine(line);
  const head = lineHead(line);
  const textAt = head?.end ?? 0;
  return { line, stamp: head?.stamp, text: line.toString('utf8', textAt, line.length), textAt };
}

function readContainerLine(line: Buffer): ReadLine {
  const read = containerLine(line);
  const { begin, end } = read ?? { begin: 0, end: line.length };
  const text =
    read?.form === 'json-file' ? unescaped(line, read) : line.toString('utf8', begin, end);
  // Of a line that is broken, no part can be told from another.
  if (text === undefined)
    return { line, stamp: undefined, text: line.toString('utf8', 0, line.length), textAt: 0 };
  return { line, stamp: read?.stamp, text, textAt: begin };
}
