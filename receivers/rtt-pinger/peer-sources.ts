import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import type { NodePlace } from './core/kube-objects.ts';
import type { Peer } from './core/target.ts';
import type { KubePeers } from './edge/kube-peers.ts';
import { followPeersFile } from './edge/peers-file.ts';
import type { Settings } from './settings.ts';

export interface PeerSourcesOptions {
  readonly config: Settings;
  /** Needed for peers of Kubernetes. */
  readonly client: KubeClient | undefined;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The peers or the interval have changed. Called for each source on its own, also while they begin. */
  readonly onChange: () => void;
}

/** Everything that tells who is to be probed. */
export interface PeerSources {
  /** Resolves when all have begun; rejects with ConfigError where the folder of a file is missing. */
  readonly start: () => Promise<void>;
  readonly peers: () => readonly Peer[];
  /** The file's where there is one, otherwise that of the configuration. */
  readonly intervalMs: () => number;
  /** A node by its name, as the API server told it. */
  readonly nodeOf: (name: string) => NodePlace | undefined;
  /** Why the peers are not known yet; undefined: they are. */
  readonly problem: () => string | undefined;
  /** Changes of the file that were wrong and not taken. */
  readonly configErrors: () => number;
  /** Resolves when all have ended after the signal. */
  readonly ended: () => Promise<void>;
}

/** The file is looked at this often. */
const fileEveryMs = 1000;

export function createPeerSources(options: PeerSourcesOptions): PeerSources {
  const { config, client, clock, log, signal, onChange } = options;
  const bySource = new Map<string, readonly Peer[]>();
  let { interval: intervalMs } = config;
  let configErrors = 0;
  let kube: KubePeers | undefined;
  let fileEnded: Promise<void> = Promise.resolve();

  function take(source: string, peers: readonly Peer[]): void {
    bySource.set(source, peers);
    onChange();
  }

  async function followFiles(paths: readonly string[]): Promise<void> {
    const { file, ended } = await followPeersFile({
      paths,
      everyMs: fileEveryMs,
      signal,
      onChange: (changed) => {
        log.info({ peers: changed.peers.length, intervalMs: changed.intervalMs }, 'peers changed');
        intervalMs = changed.intervalMs ?? intervalMs;
        take('file', changed.peers);
      },
      onProblem: (why) => {
        configErrors++;
        log.error({ why }, 'the peers stay as they were');
      },
    });
    fileEnded = ended;
    if (file.intervalMs === undefined) log.info({ paths }, 'no list of peers yet');
    intervalMs = file.intervalMs ?? intervalMs;
    take('file', file.peers);
  }

  return {
    start: async () => {
      take('static', config.peers.static);
      const { file, moreFiles } = config.peers;
      if (file !== undefined) await followFiles([file, ...moreFiles]);
      const selection = config.peers.kubernetes;
      if (selection === undefined || client === undefined) return;
      // Who asks no API server does without what speaks to one.
      const { followKubePeers } = await import('./edge/kube-peers.ts');
      if (signal.aborted) return;
      const onPeers = (peers: readonly Peer[]): void => take('kubernetes', peers);
      const { rackLabel } = config.mesh;
      kube = followKubePeers({ selection, rackLabel, client, clock, log, signal, onPeers });
    },
    peers: () => [...bySource.values()].flat(),
    intervalMs: () => intervalMs,
    nodeOf: (name) => kube?.nodeOf(name),
    problem: () => kube?.problem(),
    configErrors: () => configErrors,
    ended: async () => {
      await Promise.all([fileEnded, kube?.ended]);
    },
  };
}
