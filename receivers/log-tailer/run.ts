import { untilAborted, within } from '../shared/deadline.ts';
import { ConfigError, StartupError } from '../shared/errors.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { RunContext } from '../shared/long-running.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import type { BootRecord } from './boot/boot-record.ts';
import { chartText } from './boot/chart/chart-text.ts';
import { currentBoot } from '../shared/current-boot.ts';
import { labelNode } from './edge/exclude-label.ts';
import { createPendingOccurrences } from './edge/pending-occurrences.ts';
import { wantsOtlp } from './edge/wants-otlp.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { Config } from './schema.ts';
import { startSourcesOf } from './start-sources.ts';
import { createTelling, type Telling } from './telling.ts';

/** A terminal event has not happened in time. */
const incompleteCode = 3;

/**
 * Measures the boot, prints and tells it, and ends, or goes on until the signal ends where metrics are served. Gives the exit code. Rejects with
 * ConfigError or StartupError.
 */
export async function run(config: Config, context: RunContext): Promise<number> {
  const { env, log, signal, print } = context;
  const once = config.otlp.once || config.cloudwatch;
  if (once && !wantsOtlp(config.otlp.endpoint, env))
    throw new ConfigError(
      'otlp.once: expected --otel-endpoint or OTEL_EXPORTER_OTLP_ENDPOINT, got neither',
    );
  const clock = createWallClock(processClocks);
  const client = config.kubernetes ? await kubeClient(context, clock) : undefined;
  const boot = await currentBoot(clock);
  const occurrences = createPendingOccurrences();
  const receiver = createReceiver({
    config,
    startSources: startSourcesOf({ config, client, clock, boot, log }),
    boot,
    onOccurrence: occurrences.tell,
  });
  let telling: Telling | undefined;
  try {
    const { port } = await receiver.start();
    log.info({ port, bootId: boot?.id }, 'started');
    telling = await createTelling({ config, receiver, boot, env, log, signal });
    occurrences.open(telling.occurrence);
    const outcome = await Promise.race([receiver.measured, untilAborted(signal)]);
    if (outcome === undefined || outcome === 'stopped') return 0;
    const record = receiver.record();
    log.info(outcomeOf(record, outcome), 'measured');
    print(chartText(record, config));
    await telling.boot(record);
    if (once) await tellOnce(telling, record, { config, client, signal });
    if (config.prometheus) {
      await untilAborted(signal);
      return 0;
    }
    return record.measurement.complete ? 0 : incompleteCode;
  } finally {
    await stop(receiver, telling, config.shutdown);
    client?.close();
  }
}

async function stop(
  receiver: Receiver,
  telling: Telling | undefined,
  shutdownMs: number,
): Promise<void> {
  await within(receiver.shutdown(), shutdownMs / 2);
  await telling?.shutdown(shutdownMs / 2);
}

/** None where there is no kubeconfig: logs alone tell most of a boot. */
async function kubeClient(
  { env, kube, log }: RunContext,
  clock: WallClock,
): Promise<KubeClient | undefined> {
  const [{ createKubeClient }, { loadKubeConnection }] = await Promise.all([
    import('../shared/kubernetes/client.ts'),
    import('../shared/kubernetes/config.ts'),
  ]);
  try {
    const connection = await loadKubeConnection(kube, env);
    return createKubeClient(connection, clock, 'kube-latency-log-tailer');
  } catch (caught) {
    if (!(caught instanceof ConfigError) || caught.code !== 'no-kubeconfig') throw caught;
    log.info({ why: caught.message }, 'the API server is not asked');
    return undefined;
  }
}

function outcomeOf({ measurement }: BootRecord, outcome: 'complete' | 'timeout'): object {
  const { timings, missing } = measurement;
  const named = (awaited: boolean) =>
    missing.filter((each) => each.awaited === awaited).map(({ event }) => event.metric);
  const gone = named(true);
  return {
    outcome,
    events: timings.length,
    ...(gone.length === 0 ? {} : { missingTerminalEvents: gone }),
    notTold: named(false),
  };
}

interface Once {
  readonly config: Config;
  readonly client: KubeClient | undefined;
  readonly signal: AbortSignal;
}

/** All is delivered, and the node says so, or it rejects with a StartupError. */
async function tellOnce(
  telling: Telling,
  { facts }: BootRecord,
  { config, client, signal }: Once,
): Promise<void> {
  const problems = await telling.shutdown(config.shutdown);
  if (problems.length > 0) throw new StartupError(`exporting once: ${problems.join('; ')}`);
  if (!config.otlp.once || client === undefined || facts.name === undefined) return;
  const problem = await labelNode(client, facts.name, signal);
  if (problem !== undefined) throw new StartupError(problem);
}
