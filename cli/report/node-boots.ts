import { bootRoot } from '../../receivers/shared/boot-trace.ts';
import type { Trace, TraceSpan } from '../trace/model.ts';
import type { NodeBoot } from './cluster-report.ts';

/** The last boot of each node out of the traces of boots, the longest first: its parts, without single units. */
export function nodeBoots(traces: readonly Trace[]): NodeBoot[] {
  const roots = traces
    .flatMap(({ spans }) => {
      const root = spans.find(({ name }) => name === bootRoot);
      return root === undefined ? [] : [{ root, spans }];
    })
    .toSorted((a, b) => compare(startOf(b.root), startOf(a.root)));
  const newest = new Map(
    roots.toReversed().map(({ root, spans }) => [nodeOf(root), { root, spans }]),
  );
  return [...newest.values()]
    .toSorted((a, b) => compare(lengthOf(b.root), lengthOf(a.root)))
    .map(({ root, spans }) => ({ node: nodeOf(root), steps: stepsOf(root, spans) }));
}

function stepsOf(root: TraceSpan, spans: readonly TraceSpan[]): NodeBoot['steps'] {
  const parts = spans
    .filter(({ name }) => name.startsWith(`${bootRoot}.`) && !name.startsWith(`${bootRoot}.unit#`))
    .toSorted((a, b) => compare(startOf(a), startOf(b)));
  const told = parts.length === 0 ? [root] : parts;
  return told.map((part) => ({
    name: part === root ? 'boot' : part.name.slice(bootRoot.length + 1).replace('#', ' '),
    fromS: seconds(startOf(part) - startOf(root)),
    seconds: seconds(lengthOf(part)),
  }));
}

function nodeOf({ attributes }: TraceSpan): string {
  const [name] = [attributes['k8s.node.name'], attributes['host.id']].filter(isText);
  return name ?? 'a node without a name';
}

function startOf({ startTimeUnixNano }: TraceSpan): bigint {
  return BigInt(startTimeUnixNano);
}

function lengthOf({ startTimeUnixNano, endTimeUnixNano }: TraceSpan): bigint {
  return BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano);
}

function seconds(ns: bigint): number {
  return Number(ns) / 1e9;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
