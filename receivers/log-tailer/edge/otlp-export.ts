import * as api from '@opentelemetry/api';

import packageJson from '../../../package.json' with { type: 'json' };
import type { Log } from '../../shared/log.ts';
import type { Family } from '../../shared/metrics/families.ts';
import { createFamilyProducer } from '../../shared/metrics/otlp-families.ts';
import { startTelemetry, type TelemetryOutcome } from '../../shared/telemetry.ts';
import type { BootRecord } from '../boot/boot-record.ts';
import { bootTrace } from '../boot/trace/boot-trace.ts';
import { nodeAttributes } from '../boot/trace/node-attributes.ts';
import type { EventDefinition } from '../core/event.ts';
import type { NodeFacts } from '../core/node-facts.ts';
import type { Occurrence } from '../core/occurrence.ts';
import { emitBoot } from './emit-boot.ts';
import { emitMeasured, emitOccurrence } from './emit-records.ts';

const serviceName = 'log-tailer';

export interface OtlpExport {
  readonly tellOccurrence: (
    occurrence: Occurrence,
    definition: EventDefinition | undefined,
  ) => void;
  /** Tells the boot as a trace, and how it ended. */
  readonly tellBoot: (record: BootRecord) => void;
  /** Sends the spans so far, and tells what became of them. Never rejects. */
  readonly flush: (deadlineMs: number) => Promise<TelemetryOutcome>;
  /** Sends what is left within the deadline. Never rejects; safe twice. */
  readonly shutdown: (deadlineMs: number) => Promise<TelemetryOutcome>;
}

export interface OtlpExportOptions {
  readonly endpoint: string | undefined;
  readonly families: () => readonly Family[];
  /** As far as they are known when the export begins; a resource does not change. */
  readonly facts: NodeFacts;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Exports metrics, log records and the trace of the boot, each where an endpoint for it is known. To be loaded only where one is. */
export async function startOtlpExport(options: OtlpExportOptions): Promise<OtlpExport> {
  const { endpoint, families, facts, env, log } = options;
  const { version } = packageJson;
  const producer = createFamilyProducer({
    families,
    scope: { name: serviceName, version },
    nowMs: () => Date.now(),
  });
  const telemetry = await startTelemetry({
    serviceName,
    serviceVersion: version,
    endpoint,
    env,
    log,
    metricProducers: [producer],
    resource: Object.fromEntries(
      Object.entries(nodeAttributes(facts)).filter(
        (entry): entry is [string, string | string[]] =>
          typeof entry[1] === 'string' || Array.isArray(entry[1]),
      ),
    ),
    logs: true,
  });
  return {
    tellOccurrence: (occurrence, definition) =>
      emitOccurrence(telemetry.logger, occurrence, definition),
    tellBoot: (record) => {
      const trace = bootTrace(record);
      if (trace !== undefined) emitBoot(api, telemetry, trace);
      emitMeasured(telemetry.logger, record);
    },
    flush: telemetry.flush,
    shutdown: telemetry.shutdown,
  };
}
