import { criticalPath, type Interval } from '../../../shared/critical-path.ts';
import { secondsOf } from '../decimals.ts';
import type { BootSpan } from './boot-span.ts';

interface Work extends Interval<Work> {
  readonly span: BootSpan;
}

/** The spans, the root first; those that the boot's end waited for say so, and for how long. */
export function markCritical(root: BootSpan, parts: readonly BootSpan[]): readonly BootSpan[] {
  const under = Map.groupBy(parts, ({ parent }) => parent);
  // The end waited for nothing that was not over by then.
  const worksOf = (parent: string): Work[] =>
    (under.get(parent) ?? []).flatMap((span) => {
      const children = worksOf(span.name);
      const { startUnixNs: fromNs, endUnixNs: toNs } = span;
      return toNs > root.endUnixNs ? children : [{ span, fromNs, toNs, children }];
    });
  const waitedNs = new Map<string, bigint>();
  const path = criticalPath(worksOf(root.name), root.startUnixNs, root.endUnixNs);
  for (const { work, fromNs, toNs } of path)
    if (work !== undefined)
      waitedNs.set(work.span.name, (waitedNs.get(work.span.name) ?? 0n) + toNs - fromNs);
  return [root, ...parts].map((span) => {
    const ns = waitedNs.get(span.name);
    if (ns === undefined) return span;
    const marks = {
      'kube_latency.critical_path': true,
      'kube_latency.critical_path.duration': secondsOf(ns),
    };
    return { ...span, attributes: { ...span.attributes, ...marks } };
  });
}
