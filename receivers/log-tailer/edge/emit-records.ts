import { SeverityNumber, type Logger } from '@opentelemetry/api';

import type { BootRecord } from '../boot/boot-record.ts';
import type { EventDefinition } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';
import { hrTime } from './emit-boot.ts';

/** Tells of something that happened as a log record of OpenTelemetry. */
export function emitOccurrence(
  logger: Logger,
  occurrence: Occurrence,
  definition: EventDefinition | undefined,
): void {
  const { event, source, atUnixNs, precisionNs, comment, bootId } = occurrence;
  logger.emit({
    eventName: 'kube_latency.node.boot.event',
    timestamp: hrTime(atUnixNs),
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: definition?.name ?? event,
    attributes: {
      'kube_latency.boot.event': event,
      'kube_latency.boot.source': source,
      'kube_latency.boot.precision': precisionNs / 1e9,
      ...(bootId === undefined ? {} : { 'kube_latency.boot.id': bootId }),
      ...(comment === undefined ? {} : { 'kube_latency.boot.comment': comment }),
    },
  });
}

/** Tells how the measuring of a boot ended as a log record of OpenTelemetry. */
export function emitMeasured(logger: Logger, { facts, measurement }: BootRecord): void {
  const { complete, zero, endUnixNs, missing } = measurement;
  const awaited = missing.filter((each) => each.awaited).map(({ event }) => event.metric);
  const took =
    zero === undefined || endUnixNs === undefined
      ? {}
      : { 'kube_latency.boot.duration': Number(endUnixNs - zero.atUnixNs) / 1e9 };
  logger.emit({
    eventName: `kube_latency.node.boot.${complete ? 'complete' : 'incomplete'}`,
    severityNumber: complete ? SeverityNumber.INFO : SeverityNumber.WARN,
    severityText: complete ? 'INFO' : 'WARN',
    body: complete ? 'the boot is complete' : `not reached: ${awaited.join(', ')}`,
    attributes: {
      ...took,
      ...(facts.bootId === undefined ? {} : { 'kube_latency.boot.id': facts.bootId }),
      ...(awaited.length === 0 ? {} : { 'kube_latency.boot.missing': awaited }),
    },
  });
}
