import type { KubeClient } from '../receivers/shared/kubernetes/client.ts';
import type { Log } from '../receivers/shared/log.ts';
import { familyText } from '../receivers/shared/metrics/exposition.ts';
import type { Family } from '../receivers/shared/metrics/families.ts';
import { formatFor, type TextFormat } from '../receivers/shared/metrics/text-format.ts';
import type { WallClock } from '../receivers/shared/wall-clock.ts';
import {
  healthRoute,
  startWebServer,
  streamText,
  type WebServer,
} from '../receivers/shared/web-server.ts';
import { createAdmission } from './admission.ts';
import { startController, type Controller } from './controller/controller.ts';
import { everywhere, seenByStatus } from './injection/seen-images.ts';
import { takePart, type Leading } from './leader/lead.ts';
import { createLease, leaseName } from './leader/lease.ts';
import { leaseTimes } from './leader/lead.ts';
import { operatorFamilies } from './metrics.ts';
import type { Config } from './schema.ts';

/** The operator as it runs. A restart is a new object. */
export interface Receiver {
  /** Resolves once it takes part; rejects, having undone what it did, with StartupError. */
  readonly start: () => Promise<{ readonly port: number }>;
  /** All metrics as they are now. */
  readonly families: () => readonly Family[];
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly config: Config;
  /** The receiver does not close it. */
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly reporter: {
    readonly instance: string;
    /** Tells this process from all others that take part in the election. */
    readonly identity: string;
  };
}

/** An election that was not looked at for so long has stopped turning. */
const stuckMs = 30_000;

export function createReceiver(options: ReceiverOptions): Receiver {
  const { config, client, clock, log, reporter } = options;
  const stop = new AbortController();
  const nowMs = (): number => Date.now();
  let server: WebServer | undefined;
  let election: Leading | undefined;
  let controller: Controller | undefined;
  let alone: Promise<void> | undefined;

  const admission = createAdmission({
    config: config.injection,
    namespace: config.namespace,
    client,
    clock,
    log,
    onInjecting: () => controller?.lookAgain(),
    // Whoever leads tries them; the others read what it says of them.
    seenImages: (probers) => {
      if (!config.tryImages) return everywhere(probers);
      return controller?.state().seenImages ?? seenByStatus(probers);
    },
  });

  async function whileLeading(signal: AbortSignal): Promise<void> {
    controller = startController(
      {
        client,
        clock,
        log,
        reporter,
        surroundings: admission.surroundings,
        injecting: admission.injecting,
        writes: {
          everyMs: config.lists.every,
          writesPerSecond: config.lists.writesPerSecond,
          bytesPerSecond: config.lists.kibPerSecond * 1024,
          stockBytes: config.lists.kibPerSecond * 1024 * 8,
        },
        touchesPerSecond: config.touchesPerSecond,
        tryImages: config.tryImages,
        pingerAccount: config.pingerAccount,
        nowMs,
      },
      signal,
    );
    await Promise.all([controller.ended, admission.keep(signal)]);
    controller = undefined;
  }

  function families(): readonly Family[] {
    const own = operatorFamilies({
      leads: controller !== undefined,
      controller: controller?.state(),
      requests: client.use().requests,
    });
    return [...own, ...admission.families()];
  }

  function* exposition(format: TextFormat): Generator<string> {
    for (const family of families()) yield* familyText(family, format);
    yield format.end;
  }

  function stuck(): string | undefined {
    const sinceMs = election?.sinceTurnMs() ?? 0;
    return sinceMs > stuckMs ? `no turn of the election for ${Math.round(sinceMs)} ms` : undefined;
  }

  /** A replica that waits for its turn is ready; one that leads is when everything is listed. */
  function unready(): string | undefined {
    const unlisted = controller?.state().unlisted;
    if (unlisted !== undefined) return `${unlisted} are not listed yet`;
    return stuck() ?? admission.unready();
  }

  function takeLead(): void {
    if (!config.leaderElection) {
      alone = whileLeading(stop.signal);
      return;
    }
    const { namespace } = config;
    const { durationMs } = leaseTimes;
    election = takePart({
      lease: createLease({ client, namespace, name: leaseName, durationMs, nowMs }),
      identity: reporter.identity,
      log,
      signal: stop.signal,
      whileLeading,
    });
  }

  return {
    start: async () => {
      server = await startWebServer(config.port, {
        '/metrics': (request, response) => {
          const format = formatFor(request.headers.accept);
          return streamText(response, format.contentType, exposition(format));
        },
        '/healthz': healthRoute(stuck),
        '/readyz': healthRoute(unready),
      });
      admission.start();
      takeLead();
      return { port: server.port };
    },
    families,
    shutdown: async () => {
      stop.abort();
      const serving = server;
      server = undefined;
      await Promise.all([serving?.close(), election?.ended, alone, admission.shutdown()]);
    },
  };
}
