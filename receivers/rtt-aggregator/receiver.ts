import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import { loopProblem } from '../shared/loop-problem.ts';
import { ofNetwork } from '../shared/mesh/of-network.ts';
import { nodeDelayText } from '../shared/mesh/node-delay.ts';
import { familyText } from '../shared/metrics/exposition.ts';
import type { Family } from '../shared/metrics/families.ts';
import { formatFor, type TextFormat } from '../shared/metrics/text-format.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { healthRoute, startWebServer, streamText, type WebServer } from '../shared/web-server.ts';
import { untilLookMs } from './core/asking-pace.ts';
import { countedOnce } from './core/counted-once.ts';
import type { Reporter } from './core/event-object.ts';
import { createJudging } from './core/judging.ts';
import { matrixText } from './core/matrix.ts';
import { createMeshBook } from './core/mesh-book.ts';
import { meshFamilies } from './core/mesh-families.ts';
import { nodeDelays } from './core/node-delays.ts';
import { ownFamilies } from './core/own-families.ts';
import { distinctPingers, type Pinger } from './core/pingers.ts';
import { silentNodes } from './core/silent.ts';
import { findingText } from './core/finding.ts';
import type { VerdictChange } from './core/verdicts.ts';
import { createFetchRounds } from './edge/fetch-rounds.ts';
import { followNodes, type FollowedNodes } from './edge/follow-nodes.ts';
import { followPingers, type FollowedPingers } from './edge/follow-pingers.ts';
import { createKubeEvents, type KubeEvents } from './edge/kube-events.ts';
import type { Config } from './schema.ts';

/** The aggregator as it runs. A restart is a new object. */
export interface Receiver {
  /** Resolves once it asks pingers; rejects, having undone what it did, with StartupError. */
  readonly start: () => Promise<{ readonly port: number }>;
  /** All metrics as they are now, but for the series of pairs. */
  readonly families: () => readonly Family[];
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly config: Config;
  /** Needed for a Service. The receiver does not close it. */
  readonly client: KubeClient | undefined;
  readonly clock: WallClock;
  readonly reporter: Reporter;
  readonly log: Log;
  /** Told of every change of a verdict, beside the log and the events. */
  readonly onVerdict: (change: VerdictChange) => void;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const { config, client, clock, reporter, log, onVerdict } = options;
  const stop = new AbortController();
  const book = createMeshBook(config.maxNodes);
  const judging = createJudging(book, config.usualLoss);
  let server: WebServer | undefined;
  let followed: FollowedPingers | undefined;
  let nodes: FollowedNodes | undefined;
  let events: KubeEvents | undefined;
  let looks: NodeJS.Timeout | undefined;
  let silent: readonly string[] = [];
  let judgingS = 0;

  const nowMs = (): number => Date.now();
  const take = countedOnce(book.take);
  const rounds = createFetchRounds({
    intervalMs: config.interval,
    timeoutMs: config.timeout,
    concurrency: config.concurrency,
    maxBytes: config.maxAnswerMiB * 2 ** 20,
    log,
    take: (report, after) => take(report, after, nowMs()),
  });

  function follow(ofService: readonly Pinger[]): void {
    const fixed = config.pingers.static.map((url) => ({ url, place: undefined }));
    // Of the Service more is known.
    rounds.follow(distinctPingers([...ofService, ...fixed]));
  }

  /** Once an interval: who is silent, who is at fault, and what has become of it since. */
  function look(): void {
    const atMs = nowMs();
    const beginMs = performance.now();
    for (const { place } of rounds.pingers()) if (place !== undefined) book.expect(place, atMs);
    for (const place of nodes?.places() ?? []) book.expect(place, atMs);
    const changes = judging.look(atMs);
    judgingS = (performance.now() - beginMs) / 1000;
    tellSilent(silentNodes(book.roster, atMs, book.slots().freshMs(0)));
    for (const change of changes) tell(change);
  }

  function lookOnAndOn(): void {
    looks = setTimeout(
      () => {
        look();
        lookOnAndOn();
      },
      untilLookMs(nowMs(), config.interval),
    );
  }

  function tellSilent(now: readonly string[]): void {
    const before = new Set(silent);
    const fresh = now.filter((node) => !before.has(node));
    const heard = silent.filter((node) => !now.includes(node));
    // A record of thousands of names would be of no use.
    const some = (names: readonly string[]) => ({ many: names.length, nodes: names.slice(0, 20) });
    if (fresh.length > 0) log.warn(some(fresh), 'pingers silent');
    if (heard.length > 0) log.info(some(heard), 'pingers heard again, or gone');
    silent = now;
  }

  function tell(change: VerdictChange): void {
    const { kind, verdict } = change;
    const say = kind === 'appeared' ? log.warn : log.info;
    say({ verdict }, `${findingText(verdict)}: ${kind === 'appeared' ? 'at fault' : 'cleared'}`);
    events?.tell(change);
    onVerdict(change);
  }

  const state = () => ({ book, verdicts: judging.standing(), silent, nowMs: nowMs() });

  function families(): readonly Family[] {
    const all = [
      ...meshFamilies(state()),
      ...ownFamilies({
        pingers: rounds.states(),
        nodes: book.roster.size(),
        fetched: rounds.fetched(),
        failed: rounds.failed(),
        rows: book.rows(),
        dropped: book.dropped(),
        judgingS,
        events: events?.outcomes() ?? new Map(),
      }),
    ];
    return ofNetwork(all, config.network);
  }

  function* exposition(format: TextFormat): Generator<string> {
    const delays = yield* gathered(nodeDelays(book, nowMs()));
    yield* nodeDelayText(delays, format);
    for (const family of families()) yield* familyText(family, format);
    yield format.end;
  }

  const problem = (): string | undefined => loopProblem(rounds.sinceTurnMs());

  async function begin(): Promise<{ readonly port: number }> {
    server = await startWebServer(config.port, {
      '/metrics': ({ headers }, response) => {
        const format = formatFor(headers.accept);
        return streamText(response, format.contentType, exposition(format));
      },
      '/matrix': (_, response) => streamText(response, 'application/json', matrixText(state())),
      '/healthz': healthRoute(problem),
      '/readyz': healthRoute(() => followed?.problem() ?? problem()),
    });
    follow([]);
    const { service } = config.pingers;
    if (service !== undefined && client !== undefined) {
      const { signal } = stop;
      followed = followPingers({ service, client, clock, log, signal, onPingers: follow });
      if (config.pingers.nodes) nodes = followNodes({ client, clock, log, signal });
      const steadyMs = (): number => performance.now();
      if (config.events)
        events = createKubeEvents({ client, reporter, log, signal, nowMs, steadyMs });
    }
    rounds.start();
    lookOnAndOn();
    return { port: server.port };
  }

  return {
    start: begin,
    families,
    shutdown: async () => {
      stop.abort();
      clearTimeout(looks);
      const serving = server;
      server = undefined;
      const watches = [followed?.ended, nodes?.ended];
      await Promise.all([rounds.stop(), serving?.close(), ...watches, events?.settled()]);
    },
  };
}

/** Gathers what takes long to make, as nothing to be sent, so that others have their turn. */
function* gathered<Each>(each: Iterable<Each>): Generator<string, readonly Each[]> {
  const all: Each[] = [];
  for (const one of each) {
    all.push(one);
    yield '';
  }
  return all;
}
