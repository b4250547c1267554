import { containerLine, type ContainerLine } from '../clock/container-line.ts';
import { longestLineBytes } from './literal-scanner.ts';

/** What a runtime writes before a line of which it writes only a part. */
export const partialMarks = [' stdout P ', ' stderr P '].map((mark) => Buffer.from(mark));

/** Puts lines together that a container runtime wrote in parts. */
export interface ContainerJoin {
  /** Some line has not ended. */
  readonly isOpen: () => boolean;
  /**
   * Takes a line of the log. `whole`: it is one by itself, or what it ended, joined; of that no more than the scan looks at.
   * Undefined: a part, of which the rest is to come.
   */
  readonly add: (line: Buffer) => Buffer | undefined;
  /** What has not ended, as if it had. */
  readonly flush: () => readonly Buffer[];
}

interface Open {
  readonly head: Buffer;
  readonly parts: Buffer[];
  bytes: number;
}

export function createContainerJoin(): ContainerJoin {
  const open = new Map<string, Open>();

  function keep(stream: string, line: Buffer, { begin, end }: ContainerLine): void {
    const own = open.get(stream) ?? {
      head: Buffer.from(line.subarray(0, begin)),
      parts: [],
      bytes: begin,
    };
    open.set(stream, own);
    const room = Math.max(0, longestLineBytes - own.bytes);
    const part = Buffer.from(line.subarray(begin, Math.min(end, begin + room)));
    if (part.length > 0) own.parts.push(part);
    own.bytes += part.length;
  }

  function close(stream: string, { head, parts }: Open): Buffer {
    open.delete(stream);
    // `P ` of the first part is what the joined line is not any more.
    head[head.length - 2] = 'F'.charCodeAt(0);
    return Buffer.concat([head, ...parts]);
  }

  return {
    isOpen: () => open.size > 0,
    add(line) {
      const read = containerLine(line);
      if (read === undefined || read.form !== 'cri') return line;
      const begun = open.get(read.stream);
      if (begun === undefined && !read.partial) return line;
      keep(read.stream, line, read);
      const own = open.get(read.stream);
      return read.partial || own === undefined ? undefined : close(read.stream, own);
    },
    flush: () => [...open].map(([stream, own]) => close(stream, own)),
  };
}
