import { header, labelText, type TextFormat } from '../../shared/metrics/text-format.ts';
import type { BootRecord } from './boot-record.ts';
import { secondsOf } from './decimals.ts';

/**
 * The gauges of node-latency-for-k8s, under its names and the corrected ones: one an event, in seconds since time zero; of an event
 * that happened several times the last.
 */
export function* classicText(
  { facts, measurement }: BootRecord,
  experiment: string,
  format: TextFormat,
): Generator<string> {
  const { instanceType, imageId, region, availabilityZone } = facts;
  const known = { instanceType, amiID: imageId, region, availabilityZone };
  const labels = {
    experiment,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
  const last = new Map(measurement.timings.map((timing) => [timing.event.metric, timing]));
  for (const [metric, { event, sinceNs }] of last)
    for (const name of [metric, ...(event.aliases ?? [])]) {
      yield header(name, 'gauge', format.help(`${event.name}, in seconds since time zero.`));
      yield `${name}${labelText(labels)} ${secondsOf(sinceNs)}\n`;
    }
}
