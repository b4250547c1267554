import type { Handed } from './follower.ts';

/** What one run of a follower handed on, put together again. */
export interface Delivery {
  /** How often each line came whole. */
  readonly lines: ReadonlyMap<number, number>;
  /** Where each line ended: the log, and the offset in it. */
  readonly ends: ReadonlyMap<number, { readonly log: string; readonly offset: number }>;
  /** Chunks that did not follow the one before in their log. */
  readonly jumps: readonly string[];
}

/** What was handed on of each log, by all runs. */
export type Texts = Map<string, { readonly from: number; text: string }>;

/** Puts together what one run hands on, as it comes; a run may begin within a line that the one before began. */
export function createDelivery(texts: Texts): { add: (handed: readonly Handed[]) => Delivery } {
  const lines = new Map<number, number>();
  const ends = new Map<number, { log: string; offset: number }>();
  const jumps: string[] = [];
  const touched = new Set<string>();
  let taken = 0;

  function take({ log, offset, text }: Handed): void {
    const before = texts.get(log);
    const end = before === undefined ? undefined : before.from + before.text.length;
    if (touched.has(log) && end !== offset)
      jumps.push(`log ${log}: a chunk at ${offset} after one to ${end}`);
    touched.add(log);
    const joins =
      before !== undefined && end !== undefined && before.from <= offset && offset <= end;
    const joined = joins ? before.text.slice(0, offset - before.from) : '';
    const start = joined.lastIndexOf('\n') + 1;
    let at = offset - (joined.length - start);
    const parts = (joined.slice(start) + text).split('\n');
    parts.pop();
    for (const part of parts) {
      at += part.length + 1;
      const whole = /^(\d+):[\d.]*:\1$/.exec(part);
      if (whole === null) continue;
      const line = Number(whole[1]);
      lines.set(line, (lines.get(line) ?? 0) + 1);
      ends.set(line, { log, offset: at });
    }
    texts.set(log, { from: offset - joined.length, text: joined + text });
  }

  return {
    add: (handed) => {
      for (; taken < handed.length; taken++) {
        const chunk = handed[taken];
        if (chunk !== undefined) take(chunk);
      }
      return { lines, ends, jumps };
    },
  };
}
