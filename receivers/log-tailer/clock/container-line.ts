import { isoStampAt } from './iso-stamp.ts';
import type { Stamp } from './stamp.ts';

/** A line of a container, or a part of one, as the container runtime wrote it to its log. */
export interface ContainerLine {
  readonly form: 'cri' | 'json-file';
  readonly stamp: Stamp;
  readonly stream: string;
  /** Its rest is in the stream's next line. */
  readonly partial: boolean;
  /** Where its text lies in the line; of `json-file` with what JSON escapes. */
  readonly begin: number;
  readonly end: number;
}

const space = 0x20;
const brace = 0x7b;
const quote = 0x22;
const streams = ['stdout', 'stderr'] as const;
const streamLength = 6;
const logKey = Buffer.from('{"log":"');
const streamKey = Buffer.from('","stream":"');
const timeKey = Buffer.from(',"time":"');

/** Reads `2024-11-28T02:59:22.101Z stdout F text`, or `{"log":"text\n","stream":"stdout","time":"..."}`; undefined: neither. */
export function containerLine(line: Buffer): ContainerLine | undefined {
  return line[0] === brace ? jsonLine(line) : criLine(line);
}

function criLine(line: Buffer): ContainerLine | undefined {
  const read = isoStampAt(line, 0);
  if (read === undefined || line[read.end] !== space) return undefined;
  const streamAt = read.end + 1;
  const stream = line.toString('latin1', streamAt, streamAt + streamLength);
  const tagAt = streamAt + streamLength + 1;
  const begin = line.indexOf(space, tagAt) + 1;
  if (!streams.some((name) => name === stream) || line[tagAt - 1] !== space || begin === 0)
    return undefined;
  const partial = line.toString('latin1', tagAt, begin - 1).split(':')[0] === 'P';
  return { form: 'cri', stamp: read.stamp, stream, partial, begin, end: line.length };
}

function jsonLine(line: Buffer): ContainerLine | undefined {
  if (line.compare(logKey, 0, logKey.length, 0, logKey.length) !== 0) return undefined;
  const end = line.lastIndexOf(streamKey);
  const timeAt = line.lastIndexOf(timeKey);
  const read = timeAt < 0 ? undefined : isoStampAt(line, timeAt + timeKey.length);
  if (end < logKey.length || timeAt < end || read === undefined) return undefined;
  const streamAt = end + streamKey.length;
  const stream = line.toString('latin1', streamAt, line.indexOf(quote, streamAt));
  const partial = line.toString('latin1', end - 2, end) !== '\\n';
  return { form: 'json-file', stamp: read.stamp, stream, partial, begin: logKey.length, end };
}

/** Text of a `json-file` line as it was written; undefined where it is no JSON. */
export function unescaped(line: Buffer, { begin, end }: ContainerLine): string | undefined {
  const raw = line.toString('utf8', begin, end);
  try {
    return String(JSON.parse(`"${raw}"`)).replace(/\n$/, '');
  } catch {
    // Nothing says what a broken line meant.
    return undefined;
  }
}
