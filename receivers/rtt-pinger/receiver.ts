import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import type { Family } from '../shared/metrics/families.ts';
import { createFingerprint } from './core/fingerprint.ts';
import { isStretchOver, leastStretchMs } from './core/loss-stretch.ts';
import { ownPlace, placePeers, type OwnPlace } from './core/own-place.ts';
import { createRecord, type Trace } from './core/record.ts';
import { targetsOf, type Self } from './core/targets.ts';
import { membersOf } from './core/topology/members.ts';
import { startWebServer, type WebServer } from '../shared/web-server.ts';
import { createPeerSources } from './peer-sources.ts';
import { openProbing, type Probing } from './probing.ts';
import { createReadings } from './readings.ts';
import { metricsRoutes, pingRoutes } from './routes.ts';
import type { Settings } from './settings.ts';

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
  /** The node that probes, as far as it is known by now. */
  readonly place: () => OwnPlace & { readonly node: string };
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly config: Settings;
  /** Needed for peers of Kubernetes. The receiver does not close it. */
  readonly client: KubeClient | undefined;
  readonly clock: WallClock;
  readonly self: Self;
  readonly log: Log;
  readonly trace: Trace;
}

/** Everything that start made. */
interface Running {
  readonly probing: Probing;
  readonly servers: WebServer[];
  readonly rotation: NodeJS.Timeout;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const { config, client, clock, self, log, trace } = options;
  const stop = new AbortController();
  let running: Running | undefined;
  /** Of everything that is followed, to see whether it changes. */
  let followed = '';
  let leftOut = 0;

  const record = createRecord({
    stampsOf: (protocol) =>
      running?.probing.methods.find((each) => each.protocol === protocol)?.stamps ?? 'user',
    nowMs: () => performance.now(),
    epochMs: () => Date.now(),
    trace,
    pods: config.pods,
  });
  const sources = createPeerSources({
    config,
    client,
    clock,
    log,
    signal: stop.signal,
    onChange: followPeers,
  });
  const probing = (): Probing | undefined => running?.probing;
  const readings = createReadings({
    config,
    self,
    own,
    record,
    sources,
    probing,
    leftOut: () => leftOut,
  });

  function own(): OwnPlace {
    const { zone, rack } = config;
    const told = sources.nodeOf(self.node);
    return ownPlace(self.node, { configured: { zone, rack }, told, peers: sources.peers() });
  }

  function followPeers(): void {
    const place = own();
    const { protocols, ports, maxPairs, budget } = config;
    const peers = placePeers(sources.peers(), self.node, place);
    const { targets, leftOut: left } = targetsOf(peers, { protocols, ports, self });
    const membership = membersOf(sources.peers(), targets, { ...self, zone: place.zone });
    leftOut = left;
    // What changes again and again, as a node's heartbeat does, is not to begin anything anew.
    const fingerprint = createFingerprint();
    const state = [String(sources.intervalMs()), place.zone, place.rack, membership.self];
    for (const each of state) fingerprint.add(each);
    for (const { name, zone } of membership.members) fingerprint.add(`${name} ${zone}`);
    for (const { key } of targets) fingerprint.add(key);
    const now = fingerprint.read();
    if (now === followed) return;
    followed = now;
    running?.probing.follow(targets, membership, sources.intervalMs());
    const [tallied] = protocols;
    record.follow(targets, { series: budget.series, maxPairs, ownZone: place.zone, tallied });
  }

  /** The rounds say how long a stretch is, and their length may change. */
  function rotateLosses({ state }: Probing): NodeJS.Timeout {
    let beganMs = performance.now();
    const look = (): void => {
      if (!isStretchOver(performance.now() - beganMs, state().roundMs)) return;
      beganMs = performance.now();
      record.book.rotate();
    };
    return setInterval(look, leastStretchMs);
  }

  async function begin(): Promise<Started> {
    const opened = await openProbing(config, {
      log,
      onSample: record.take,
      onRound: record.refresh,
    });
    running = { probing: opened, servers: [], rotation: rotateLosses(opened) };
    const ping = await startWebServer(config.ports.ping, pingRoutes);
    running.servers.push(ping);
    const routes = metricsRoutes({ ...readings, tally: record.tally });
    const metrics = await startWebServer(config.ports.metrics, routes);
    running.servers.push(metrics);
    await sources.start();
    opened.start();
    return { pingPort: ping.port, metricsPort: metrics.port };
  }

  async function shutdown(): Promise<void> {
    stop.abort();
    const current = running;
    running = undefined;
    if (current !== undefined) {
      clearInterval(current.rotation);
      current.probing.stop();
      await Promise.all(current.servers.map((server) => server.close()));
    }
    await sources.ended();
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
    families: readings.families,
    place: () => ({ node: self.node, ...own() }),
    shutdown,
  };
}
