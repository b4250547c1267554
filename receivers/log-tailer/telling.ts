import { sleep } from '../shared/deadline.ts';
import { messageOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { BootRecord } from './boot/boot-record.ts';
import type { KnownBoot } from './boot/boots.ts';
import { bootTrace } from './boot/trace/boot-trace.ts';
import type { EventDefinition } from './core/event.ts';
import type { Occurrence } from './core/occurrence.ts';
import { openToldBoots } from './edge/told-boots.ts';
import { wantsOtlp } from './edge/wants-otlp.ts';
import type { Receiver } from './receiver.ts';
import type { Config } from './schema.ts';

/** Tells a boot by OTLP, where an endpoint is known. */
export interface Telling {
  /** Of the measured boot alone. */
  readonly occurrence: (occurrence: Occurrence) => void;
  /** Its trace, and how it ended; a boot that was told before a restart is not told again. */
  readonly boot: (record: BootRecord) => Promise<void>;
  /** Sends what is left within the deadline; gives why something was not delivered. Never rejects; safe twice. */
  readonly shutdown: (deadlineMs: number) => Promise<readonly string[]>;
}

export interface TellingOptions {
  readonly config: Config;
  readonly receiver: Pick<Receiver, 'record' | 'families' | 'definitions' | 'pending'>;
  readonly boot: KnownBoot | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** So long it waits for who the node is: a resource of OpenTelemetry does not change. */
const factsMs = 3000;
const lookMs = 50;
const flushMs = 10_000;

/** The SDK is loaded where an endpoint is known alone. */
export async function createTelling(options: TellingOptions): Promise<Telling> {
  const { config, receiver, boot, env, log, signal } = options;
  const { endpoint } = config.otlp;
  if (!wantsOtlp(endpoint, env)) return silent;
  const told = await openToldBoots(config.state);
  await untilHeard(options);
  const { startOtlpExport } = await import('./edge/otlp-export.ts');
  const { families } = receiver;
  const { facts } = receiver.record();
  const otlp = await startOtlpExport({ endpoint, families, facts, env, log });

  return {
    occurrence: (occurrence) => {
      const definition = receiver.definitions().find(({ metric }) => metric === occurrence.event);
      if (isOf(occurrence, definition, boot)) otlp.tellOccurrence(occurrence, definition);
    },
    boot: async (record) => {
      const traceId = bootTrace(record)?.traceId;
      if (traceId === undefined || told.has(traceId)) return;
      otlp.tellBoot(record);
      const { spans } = await otlp.flush(flushMs);
      if (spans.delivered === 0 || spans.dropped > 0 || signal.aborted) return;
      await told.add(traceId).catch((caught: unknown) => {
        log.warn({ problem: messageOf(caught) }, 'after a restart the boot will be told again');
      });
    },
    shutdown: async (deadlineMs) => (await otlp.shutdown(deadlineMs)).problems,
  };
}

const silent: Telling = {
  occurrence: () => undefined,
  boot: () => Promise.resolve(),
  shutdown: () => Promise.resolve([]),
};

/** Waits until every source was heard or refused, or for a while. */
async function untilHeard({ receiver, signal }: TellingOptions): Promise<void> {
  const startMs = performance.now();
  while (receiver.pending() && performance.now() - startMs < factsMs && !signal.aborted)
    await sleep(lookMs, signal);
}

/** What happened in an earlier boot is in a log for long. */
function isOf(
  { atUnixNs, precisionNs, bootId }: Occurrence,
  definition: EventDefinition | undefined,
  boot: KnownBoot | undefined,
): boolean {
  if (boot === undefined || definition?.place === 'before') return true;
  if (bootId !== undefined) return bootId === boot.id;
  return atUnixNs + BigInt(precisionNs) >= boot.startUnixNs;
}
