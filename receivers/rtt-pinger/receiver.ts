import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import { nodeDelayText } from '../shared/mesh/node-delay.ts';
import { familyText } from '../shared/metrics/exposition.ts';
import type { Family } from '../shared/metrics/families.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { healthRoute, startWebServer, textRoute, type WebServer } from '../shared/web-server.ts';
import { createBook, type Book } from './core/book.ts';
import type { PeersFile } from './core/peers-file.ts';
import { rttFamilies } from './core/rtt-families.ts';
import { interpodText, nodeDelays } from './core/seed-series.ts';
import { createBoundedMesh, type BoundedMesh } from './core/topology/bounded.ts';
import { selfFamilies } from './core/self-families.ts';
import type { Sample } from './core/sample.ts';
import type { Peer, Target } from './core/target.ts';
import { targetsOf, type Self } from './core/targets.ts';
import { followKubePeers, type KubePeers } from './edge/kube-peers.ts';
import { followPeersFile } from './edge/peers-file.ts';
import { createProbeLoop, type ProbeLoop } from './edge/probe-loop.ts';
import { openProberSet, type ProberSet } from './prober-set.ts';
import type { Config } from './schema.ts';

export interface Started {
  readonly pingPort: number;
  readonly metricsPort: number;
}

/** The pinger as it runs. A restart is a new object. */
export interface Receiver {
  /** Resolves once it probes; rejects, having undone what it did, with ConfigError or StartupError. */
  readonly start: () => Promise<Started>;
  /** All metrics as they are now. */
  readonly families: () => readonly Family[];
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly config: Config;
  /** Needed for peers of Kubernetes. The receiver does not close it. */
  readonly client: KubeClient | undefined;
  readonly clock: WallClock;
  readonly self: Self;
  readonly log: Log;
}

/** The file of peers is looked at this often. */
const fileEveryMs = 1000;
/** A loss is told for the last one to two of these. */
const lossStretchMs = 15_000;
/** A round trip is the current one for so many intervals. */
const freshIntervals = 3;
/** The loop has stopped turning when it did not for so long. */
const stuckMs = 10_000;

/** Pairs under suspicion at a time: with the series of zones they stay below 200. */
const maxSuspects = 20;

type Wanted = Omit<Target, 'gone'>;

/** Everything that start made, and what it is made of. */
interface Running {
  readonly probers: ProberSet;
  readonly loop: ProbeLoop;
  readonly servers: WebServer[];
  readonly rotation: NodeJS.Timeout;
}

export function createReceiver({ config, client, clock, self, log }: ReceiverOptions): Receiver {
  const stop = new AbortController();
  const sources = new Map<string, readonly Peer[]>();
  let configErrors = 0;
  let intervalMs = config.interval;
  let mesh: BoundedMesh | undefined;
  let running: Running | undefined;
  let fileEnded: Promise<void> = Promise.resolve();
  let kube: KubePeers | undefined;
  let rounds: NodeJS.Timeout | undefined;

  const book: Book = createBook({
    maxPairs: config.maxPairs,
    stampsOf: (protocol) => methodOf(protocol).stamps,
    nowMs: () => performance.now(),
  });

  function methodOf(protocol: string): { method: string; stamps: 'kernel' | 'user' } {
    const found = running?.probers.opened.find((each) => each.protocol === protocol);
    return { method: found?.method ?? protocol, stamps: found?.stamps ?? 'user' };
  }

  function setPeers(source: string, peers: readonly Peer[]): void {
    sources.set(source, peers);
    const { protocols, ports } = config;
    const targets = targetsOf([...sources.values()].flat(), { protocols, ports, self });
    book.follow(targets);
    mesh = targets.length > config.mesh.full ? boundedMesh(targets) : undefined;
    if (mesh === undefined) {
      book.single(new Set());
      running?.loop.follow(targets, intervalMs);
    } else playRound();
  }

  function boundedMesh(targets: readonly Wanted[]): BoundedMesh {
    const { steady, sweep, suspects } = config.mesh;
    const suspicion = { confirmations: 5, most: maxSuspects, perRound: suspects };
    const [protocol] = config.protocols;
    const ofOne = targets.filter((target) => target.protocol === protocol);
    const name = self.node === '' ? self.pod : self.node;
    const plan = { steady, sweep };
    return createBoundedMesh(ofOne, { name, zone: ownZone() }, { plan, suspicion });
  }

  /** Rounds are numbered by the wall clock, alike at every node. */
  function playRound(): void {
    const round = mesh?.round(Math.floor(Date.now() / intervalMs));
    if (round === undefined) return;
    running?.loop.follow(round.steady, intervalMs);
    running?.loop.once(round.once);
    book.single(round.convicted);
  }

  function takeSample(sample: Sample): void {
    book.add(sample);
    mesh?.note(sample.target, sample.kind === 'failed');
  }

  function takeFile(file: PeersFile): void {
    intervalMs = file.intervalMs;
    setPeers('file', file.peers);
  }

  function ownZone(): string {
    return config.zone === '' ? (kube?.zoneOf(self.node) ?? '') : config.zone;
  }

  function families(): readonly Family[] {
    const state = running?.loop.state();
    const origin = { node: self.node, zone: ownZone(), methodOf, pods: config.pods };
    return [
      ...rttFamilies(book, origin),
      ...selfFamilies({
        methods: (running?.probers.opened ?? []).map(({ protocol, method, stamps }) => ({
          protocol,
          method,
          stamps,
        })),
        targets: state?.targets ?? 0,
        underWay: state?.underWay ?? 0,
        lateTurns: state?.lateTurns ?? 0,
        configErrors,
        responses: running?.probers.responses() ?? 0,
      }),
    ];
  }

  function* exposition(): Generator<string> {
    const sinceMs = performance.now() - freshIntervals * intervalMs - config.timeout;
    const fresh = { sinceMs, protocols: config.protocols };
    const pairs = book.byPair() ? [...book.pairs()] : [];
    yield* interpodText(pairs);
    yield* nodeDelayText(nodeDelays(pairs, self.node, fresh));
    for (const family of families()) yield* familyText(family);
  }

  function problem(): string | undefined {
    const sinceMs = running?.loop.state().sinceTurnMs ?? 0;
    return sinceMs > stuckMs ? `no turn of the loop for ${Math.round(sinceMs)} ms` : undefined;
  }

  /** At the beginning of each round, which none may miss: the interval may change from one to the next. */
  function playRounds(): void {
    rounds = setTimeout(
      () => {
        playRound();
        playRounds();
      },
      intervalMs - (Date.now() % intervalMs) + 1,
    );
  }

  async function begin(): Promise<Started> {
    const probers = await openProberSet(config, { log, onSample: takeSample });
    const rhythm = { intervalMs, jitter: config.jitter, random: Math.random };
    const loop = createProbeLoop({ rhythm, probers: probers.byProtocol, lateMs: config.late });
    const rotation = setInterval(book.rotate, lossStretchMs);
    running = { probers, loop, servers: [], rotation };
    playRounds();
    const health = healthRoute(problem);
    const ping = await startWebServer(config.ports.ping, {
      '/ping': (_, response) => void response.end('pong\n'),
    });
    running.servers.push(ping);
    const metrics = await startWebServer(config.ports.metrics, {
      '/metrics': textRoute(exposition),
      '/healthz': health,
      '/readyz': healthRoute(() => kube?.problem() ?? problem()),
    });
    running.servers.push(metrics);
    setPeers('static', config.peers.static.map(staticPeer));
    if (config.peers.file !== undefined) {
      const followed = await followPeersFile({
        path: config.peers.file,
        everyMs: fileEveryMs,
        signal: stop.signal,
        onChange: (file) => {
          log.info({ peers: file.peers.length, intervalMs: file.intervalMs }, 'peers changed');
          takeFile(file);
        },
        onProblem: (why) => {
          configErrors++;
          log.error({ why }, 'the peers stay as they were');
        },
      });
      fileEnded = followed.ended;
      takeFile(followed.file);
    }
    const selection = config.peers.kubernetes;
    if (selection !== undefined && client !== undefined) {
      const onPeers = (peers: readonly Peer[]): void => setPeers('kubernetes', peers);
      kube = followKubePeers({ selection, client, clock, log, signal: stop.signal, onPeers });
    }
    loop.start();
    return { pingPort: ping.port, metricsPort: metrics.port };
  }

  async function shutdown(): Promise<void> {
    stop.abort();
    clearTimeout(rounds);
    const current = running;
    running = undefined;
    if (current !== undefined) {
      clearInterval(current.rotation);
      current.loop.stop();
      current.probers.close();
      await Promise.all(current.servers.map((server) => server.close()));
    }
    await Promise.all([fileEnded, kube?.ended]);
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
    families,
    shutdown,
  };
}

function staticPeer(peer: Config['peers']['static'][number]): Peer {
  const { name, address, port, zone, namespace, pod } = peer;
  const node = pod === '' ? name : '';
  return { id: `static/${name}`, name, address, port: port ?? 0, node, zone, namespace, pod };
}
