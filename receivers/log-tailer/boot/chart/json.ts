import type { EventDefinition } from '../../core/event.ts';
import { formatTimeNs } from '../../../shared/rfc3339.ts';
import type { BootRecord } from '../boot-record.ts';
import { decimalsOf, secondsOf } from '../decimals.ts';
import type { Missing, Timing } from '../measurement.ts';
import { classicTimings, isExact } from './classic-time.ts';
import { metadataOf } from './metadata.ts';

/** The timings as node-latency-for-k8s prints them: `seconds` are nanoseconds, and what did not happen is left out. */
export function classicJson({ facts, measurement }: BootRecord): string {
  const timings = classicTimings(measurement);
  const report = {
    metadata: metadataOf(facts),
    timings: timings.map(({ event, source, atUnixNs, precisionNs, sinceNs, comment }) => ({
      event: eventJson(event, source),
      timestamp: formatTimeNs(atUnixNs, isExact(source) ? decimalsOf(precisionNs) : 0),
      seconds: Number(sinceNs),
      comment: comment ?? '',
      error: null,
    })),
  };
  return JSON.stringify(report, undefined, 4);
}

/**
 * The whole record in the same form: `seconds` are seconds, `error` says why an event did not happen. `kube-latency boot --from` reads
 * it again.
 */
export function recordJson(record: BootRecord): object {
  const { facts, measurement, activities } = record;
  const { zero, timings, missing, endUnixNs, complete } = measurement;
  return {
    metadata: metadataOf(facts),
    node: facts,
    zero:
      zero === undefined
        ? null
        : {
            event: zero.event,
            timestamp: formatTimeNs(zero.atUnixNs, 9),
            precisionSeconds: zero.precisionNs / 1e9,
            anchored: zero.anchored,
          },
    end: endUnixNs === undefined ? null : formatTimeNs(endUnixNs, 9),
    complete,
    timings: [...timings.map(timingJson), ...missing.map(missingJson)],
    activities: activities.map(({ fromUnixNs, toUnixNs, precisionNs, ...rest }) => ({
      ...rest,
      from: formatTimeNs(fromUnixNs, 9),
      to: formatTimeNs(toUnixNs, 9),
      precisionSeconds: precisionNs / 1e9,
    })),
  };
}

function timingJson({ event, source, atUnixNs, precisionNs, ...rest }: Timing): object {
  return {
    event: eventJson(event, source),
    timestamp: formatTimeNs(atUnixNs, 9),
    precisionSeconds: precisionNs / 1e9,
    seconds: secondsOf(rest.sinceNs),
    comment: rest.comment ?? '',
    afterEnd: rest.afterEnd,
    error: null,
  };
}

function missingJson({ event, why, awaited }: Missing): object {
  return {
    event: eventJson(event, event.sources.join(', ')),
    timestamp: null,
    seconds: null,
    comment: '',
    awaited,
    error: why,
  };
}

function eventJson({ name, metric, selector, terminal }: EventDefinition, source: string): object {
  return { name, metric, matchSelector: selector, terminal, src: source };
}
