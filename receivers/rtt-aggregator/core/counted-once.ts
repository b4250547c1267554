import { stretchesKept, stretchMs } from '../../shared/mesh/tally-limits.ts';
import type { MeshPlace } from '../../shared/mesh/tally-report.ts';
import { mostAhead, type MeshBook } from './mesh-book.ts';

type Take = MeshBook['take'];

/**
 * Counts each stretch of a pinger once, by however many addresses it is asked: evidence that is told twice would be twice as strong.
 * A pinger is known by the place that it says it is at; those that do not know theirs cannot be told apart.
 */
export function countedOnce(take: Take): Take {
  const newest = new Map<string, number>();
  let sweptAt = 0;

  /** Who is not heard any more, and numbers of a clock that was set back since. */
  function sweep(current: number): void {
    if (current === sweptAt) return;
    sweptAt = current;
    for (const [key, number] of newest)
      if (number < current - stretchesKept || number > current + mostAhead) newest.delete(key);
  }

  return (report, after, nowMs) => {
    sweep(Math.floor(nowMs / stretchMs));
    const key = keyOf(report.source);
    if (key === '') return take(report, after, nowMs);
    const taken = take(report, Math.max(after, newest.get(key) ?? after), nowMs);
    newest.set(key, taken.after);
    return taken;
  };
}

function keyOf({ node, namespace, pod }: MeshPlace): string {
  return node === '' && pod === '' ? '' : [node, namespace, pod].join('|');
}
