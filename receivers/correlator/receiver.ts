import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import { loopProblem } from '../shared/loop-problem.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { startHealthServer, type HealthServer } from './edge/health-server.ts';
import { createOtlpClient } from './edge/otlp-client.ts';
import { startOtlpServer, type OtlpServer } from './edge/otlp-server.ts';
import { startPodWatches, type PodWatches } from './edge/pod-watch.ts';
import { createSender, type Sender } from './edge/sender.ts';
import { readNodeBoot } from './edge/node-boot.ts';
import { planWatches } from './edge/watch-plan.ts';
import { createEngine } from './engine.ts';
import type { Counts } from './core/counts.ts';
import type { NodeBoot } from './core/node-boot.ts';
import type { Config } from './schema.ts';

export interface ReceiverParts {
  readonly config: Config;
  /** Attributes of the spans that are our own. */
  readonly resource: Readonly<Record<string, string>>;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  /** A watch may be interrupted for so long before it is not ready; default 10 s. */
  readonly interruptionMs?: number;
}

/**
 * The correlator as it runs. start() resolves when spans are taken and every pod is listed, or when it was shut
 * down before that, or rejects having undone what it did; shutdown() takes no more, sends what it can within the
 * signal, and releases; it is safe before start and safe twice. A restart is a new object.
 */
export interface Receiver {
  readonly counts: Counts;
  readonly start: () => Promise<{ readonly port: number; readonly healthPort: number }>;
  readonly shutdown: (signal: AbortSignal) => Promise<void>;
}

const tickMs = 1000;
const defaultInterruptionMs = 10_000;
/** So many copies are sent at once, without waiting for more. */
const batchSpans = 256;

export function createReceiver(parts: ReceiverParts): Receiver {
  const { config, clock, log } = parts;
  const stop = new AbortController();
  const open: Opened = { server: undefined, sender: undefined, health: undefined };
  let watchesLive = (): number => 0;
  let unready = (): string | undefined => 'pods are not listed yet';
  const engine = createEngine({
    config,
    resource: parts.resource,
    watching: () => unready() === undefined,
    nodeBoot: () => nodeBoot,
  });
  let nodeBoot: NodeBoot | undefined;
  let lastTickMs = performance.now();
  let ticker: NodeJS.Timeout | undefined;
  let flusher: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  const nowMs = (): number => Number(clock.nowNs() / 1000n) / 1000;

  function flush(): void {
    clearTimeout(flusher);
    flusher = undefined;
    for (const { bytes, spans } of engine.take()) open.sender?.send(bytes, spans);
  }

  function flushSoon(): void {
    if (engine.due() >= batchSpans) flush();
    else if (engine.due() > 0) flusher ??= setTimeout(flush, config.times.batch);
  }

  function receive(request: Buffer): string | undefined {
    const malformed = engine.receive(request, nowMs());
    flushSoon();
    return malformed === undefined ? undefined : `reading the request: ${malformed}`;
  }

  function tick(): void {
    lastTickMs = performance.now();
    engine.tick(nowMs());
    engine.counts.watchesLive = watchesLive();
    flushSoon();
  }

  async function start(): Promise<{ port: number; healthPort: number }> {
    try {
      open.health = await startHealthServer(config.health, {
        '/healthz': () => loopProblem(performance.now() - lastTickMs),
        '/readyz': () => unready(),
      });
      open.sender = createSender({
        client: createOtlpClient(config.send),
        counts: engine.counts,
        log,
        maxQueuedBytes: config.limits.queue,
        giveUpAfterMs: config.times.retry,
        random: Math.random,
      });
      open.server = await startOtlpServer({
        endpoint: config.listen,
        maxRequestBytes: config.limits.request,
        receive,
      });
      ticker = setInterval(tick, tickMs);
      void linkToBoot();
      const watches = watchPods();
      unready = watches.problem;
      watchesLive = watches.live;
      await watches.listed;
      engine.counts.watchesLive = watches.live();
      return { port: open.server.port, healthPort: open.health.port };
    } catch (caught) {
      await shutdown(AbortSignal.abort());
      throw caught;
    }
  }

  /** Pods that are told before the node is known are not linked. */
  async function linkToBoot(): Promise<void> {
    const { nodeName: node, times, role } = config;
    if (times.afterBoot === 0 || node === undefined || !role.includes('node')) return;
    const { signal } = stop;
    nodeBoot = await readNodeBoot({ node, client: parts.client, clock, log, signal });
  }

  function watchPods(): PodWatches {
    const { annotation, probed, foreign, observed, role } = config;
    const scope = {
      nodeName: role.includes('node') ? config.nodeName : undefined,
      chosen: role.includes('control-plane'),
    };
    return startPodWatches({
      client: parts.client,
      clock,
      log,
      signal: stop.signal,
      plans: planWatches(scope, { annotation, probed, foreign, observed }),
      annotation,
      interruptionMs: parts.interruptionMs ?? defaultInterruptionMs,
      onEvent: (event) => {
        engine.pod(event);
        flushSoon();
      },
    });
  }

  async function release(signal: AbortSignal): Promise<void> {
    unready = () => 'it is stopping';
    await open.server?.stop(signal);
    stop.abort();
    clearInterval(ticker);
    engine.finish();
    flush();
    await open.sender?.close(signal);
    await open.health?.close();
  }

  function shutdown(signal: AbortSignal): Promise<void> {
    return (stopping ??= release(signal));
  }

  return { counts: engine.counts, start, shutdown };
}

interface Opened {
  server: OtlpServer | undefined;
  sender: Sender | undefined;
  health: HealthServer | undefined;
}
