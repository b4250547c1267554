import type { Family } from '../shared/metrics/families.ts';
import { startWebServer, type WebServer } from '../shared/web-server.ts';
import { bootFamilies, withLabels } from './boot/boot-families.ts';
import type { BootRecord } from './boot/boot-record.ts';
import type { KnownBoot } from './boot/boots.ts';
import { bootRecords } from './boot/records.ts';
import { waitForBoot, type BootOutcome, type WaitForBoot } from './boot/wait-for-boot.ts';
import { joinEvidence } from './core/evidence.ts';
import type { EventDefinition } from './core/event.ts';
import type { Occurrence } from './core/occurrence.ts';
import type { Sources, StartSources } from './core/sources.ts';
import { metricsRoutes } from './routes.ts';
import type { Config } from './schema.ts';

/** The log tailer as it runs. A restart is a new object. */
export interface Receiver {
  /** Resolves once it serves and measures; rejects, having undone what it did, with ConfigError or StartupError. */
  readonly start: () => Promise<Started>;
  /** The boot as it is known by now. */
  readonly record: () => BootRecord;
  /** Of what the sources may tell. */
  readonly definitions: () => readonly EventDefinition[];
  /** A source was not heard yet, nor was it refused. */
  readonly pending: () => boolean;
  /** All metrics as they are now. */
  readonly families: () => readonly Family[];
  /** How the measuring ended; not before start. */
  readonly measured: Promise<BootOutcome>;
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

export interface Started {
  /** Undefined: nothing is served. */
  readonly port: number | undefined;
}

export interface ReceiverOptions {
  readonly config: Config;
  readonly startSources: StartSources;
  /** The boot that is measured; undefined: the last that the sources tell of. */
  readonly boot: KnownBoot | undefined;
  readonly onOccurrence: (occurrence: Occurrence) => void;
}

/** What changes often is looked at so often, at most. */
const lookMs = 50;
/** Of the time, for looking: what there is to be looked at may be much. */
const lookShare = 0.05;

export function createReceiver(options: ReceiverOptions): Receiver {
  const { config, startSources, boot, onOccurrence } = options;
  const stop = new AbortController();
  const outcome = Promise.withResolvers<BootOutcome>();
  let sources: Sources | undefined;
  let server: WebServer | undefined;
  let waiting: WaitForBoot | undefined;
  let looking: NodeJS.Timeout | undefined;
  let known: BootRecord | undefined;
  let running = 0;
  let pauseMs = lookMs;
  /** Nobody waits any more. */
  let over = false;

  function record(): BootRecord {
    known ??= recordOf(sources, boot, config.anchor);
    return known;
  }

  function onChange(): void {
    known = undefined;
    if (!over) looking ??= setTimeout(look, pauseMs);
  }

  function look(): void {
    looking = undefined;
    const beganMs = performance.now();
    waiting?.look();
    pauseMs = Math.max(lookMs, (performance.now() - beganMs) / lookShare);
  }

  function notReady(): string | undefined {
    return sources === undefined ? 'its sources are being opened' : undefined;
  }

  async function begin(): Promise<Started> {
    if (config.prometheus) server = await startWebServer(config.port, routes());
    const { signal } = stop;
    sources = await startSources({ signal, onChange, onOccurrence });
    running = sources.all.length;
    for (const { ended } of sources.all)
      void ended.then(() => {
        running--;
        onChange();
      });
    waiting = waitForBoot({
      record,
      allEnded: () => running === 0,
      timeoutMs: config.timeout,
      settleMs: config.settle,
      signal,
    });
    void waiting.outcome.then((how) => {
      over = true;
      clearTimeout(looking);
      outcome.resolve(how);
    });
    onChange();
    return { port: server?.port };
  }

  const routes = () =>
    metricsRoutes({
      record,
      families: () => {
        const { name } = record().facts;
        const all = families();
        return name === undefined ? all : withLabels(all, { 'k8s.node.name': name });
      },
      experiment: config.experiment,
      problem: () => sources?.problem(),
      notReady,
    });

  const families = (): readonly Family[] =>
    sources === undefined ? [] : [...bootFamilies(record()), ...sources.families()];

  async function shutdown(): Promise<void> {
    stop.abort();
    clearTimeout(looking);
    outcome.resolve('stopped');
    const serving = server;
    server = undefined;
    await Promise.all([serving?.close(), ...(sources?.all ?? []).map(({ ended }) => ended)]);
  }

  return {
    start: async () => {
      try {
        return await begin();
      } catch (error) {
        await shutdown();
        throw error;
      }
    },
    record,
    definitions: () => sources?.definitions() ?? [],
    pending: () =>
      sources?.all.some(({ evidence }) => evidence().reports.some((each) => each.pending)) ?? true,
    families,
    measured: outcome.promise,
    shutdown,
  };
}

/** Of the boot that is known to run, else of the last. */
function recordOf(
  sources: Sources | undefined,
  boot: KnownBoot | undefined,
  anchor: string,
): BootRecord {
  const { all = [] } = sources ?? {};
  const records = bootRecords({
    definitions: sources?.definitions() ?? [],
    evidence: joinEvidence(all.map(({ evidence }) => evidence())),
    known: boot === undefined ? [] : [boot],
    anchor: anchor === '' ? undefined : anchor,
  });
  const own = records.find(({ facts }) => facts.bootId === boot?.id) ?? records.at(-1);
  if (own === undefined) throw new Error('expected a record of every boot, got none');
  return own;
}
