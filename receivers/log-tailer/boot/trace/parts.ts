import { bootRoot } from '../../../shared/boot-trace.ts';
import type { Activity } from '../../core/activity.ts';
import type { BootRecord } from '../boot-record.ts';
import type { Timing } from '../measurement.ts';
import type { BootSpan } from './boot-span.ts';
import { cloudInitStages, stages, type Stage } from './stage.ts';

/** More units are the noise of a boot, not its story; the longest are told. */
const mostUnits = 100;

/** What lies below the root: parents before what is below them, each name once. */
export function partsOf({ measurement, activities }: BootRecord): readonly BootSpan[] {
  const kinds = Map.groupBy(activities, ({ kind }) => kind);
  const [userspace] = kinds.get('userspace') ?? [];
  const under = userspace === undefined ? bootRoot : `${bootRoot}.userspace`;
  const units = (kinds.get('unit') ?? [])
    .toSorted((a, b) => compare(lengthOf(b), lengthOf(a)))
    .slice(0, mostUnits);
  const cloudInit = kinds.get('cloud-init') ?? [];
  const told = [
    ...['kernel' as const, 'initrd' as const, 'userspace' as const].flatMap((kind) =>
      (kinds.get(kind) ?? []).slice(0, 1).map((each) => activitySpan(each, bootRoot)),
    ),
    ...cloudInit.map((each) => activitySpan(each, bootRoot)),
    ...units.map((each) => activitySpan(each, under)),
    ...[...stages, ...(cloudInit.length === 0 ? cloudInitStages : [])].flatMap((stage) =>
      stageSpan(stage, measurement.timings),
    ),
  ];
  return [...new Map(told.toReversed().map((span) => [span.name, span])).values()].toReversed();
}

function activitySpan(activity: Activity, parent: string): BootSpan {
  const { kind, name, source, fromUnixNs, toUnixNs, precisionNs, failure } = activity;
  return {
    name: name === kind ? `${bootRoot}.${kind}` : `${bootRoot}.${kind}#${name}`,
    parent,
    startUnixNs: fromUnixNs,
    endUnixNs: toUnixNs,
    attributes: {
      'kube_latency.boot.source': source,
      'kube_latency.boot.precision': precisionNs / 1e9,
    },
    events: [],
    failure,
  };
}

/** One whose ends are the wrong way round, as where something was restarted, is none. */
function stageSpan({ name, from, to }: Stage, timings: readonly Timing[]): readonly BootSpan[] {
  const first = (metrics: readonly string[]): Timing | undefined =>
    metrics.map((metric) => timings.find(({ event }) => event.metric === metric)).find(Boolean);
  const [start, end] = [first(from), first(to)];
  if (start === undefined || end === undefined || end.atUnixNs < start.atUnixNs) return [];
  return [
    {
      name,
      parent: bootRoot,
      startUnixNs: start.atUnixNs,
      endUnixNs: end.atUnixNs,
      attributes: {
        'kube_latency.boot.from': start.event.metric,
        'kube_latency.boot.to': end.event.metric,
        'kube_latency.boot.precision': Math.max(start.precisionNs, end.precisionNs) / 1e9,
      },
      events: [],
      failure: undefined,
    },
  ];
}

function lengthOf({ fromUnixNs, toUnixNs }: Activity): bigint {
  return toUnixNs - fromUnixNs;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
