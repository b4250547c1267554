import type { Log } from '../shared/log.ts';
import type { Stamps } from './core/record.ts';
import { isLocal, type OnSample } from './core/sample.ts';
import type { MethodInUse } from './core/self-families.ts';
import { createProbeLoop, type ProbeLoopState } from './edge/probe-loop.ts';
import { createMesh, type Mesh, type MeshState } from './mesh.ts';
import { openProberSet } from './prober-set.ts';
import type { Settings } from './settings.ts';

export interface ProbingOptions {
  readonly log: Log;
  readonly onSample: OnSample;
  /** A round has begun, with the keys of the pairs that are at fault. */
  readonly onRound: (convicted: ReadonlySet<string>) => void;
}

/** Everything that sends probes, from the sockets to the choice of whom to probe. */
export interface Probing {
  /** How each protocol is probed. */
  readonly methods: readonly (MethodInUse & { readonly stamps: Stamps })[];
  readonly follow: Mesh['follow'];
  readonly state: () => ProbeLoopState & MeshState & { readonly responses: number };
  readonly start: () => void;
  readonly stop: () => void;
}

/** Opens the sockets. Nothing is sent before it is started. */
export async function openProbing(config: Settings, options: ProbingOptions): Promise<Probing> {
  const { log, onRound } = options;
  const { interval: intervalMs, jitter, late: lateMs, budget } = config;
  const probers = await openProberSet(config, {
    log,
    onSample: (sample) => {
      options.onSample(sample);
      if (!isLocal(sample)) mesh.note(sample.target, sample.kind === 'failed');
    },
  });
  const rhythm = { intervalMs, jitter, random: Math.random };
  const loop = createProbeLoop({ rhythm, probers: probers.byProtocol, lateMs });
  const limits = { ...config.mesh, probesPerSecond: budget.probesPerSecond };
  const mesh = createMesh({ loop, limits, log, onRound });
  return {
    methods: probers.opened,
    follow: mesh.follow,
    state: () => ({ ...loop.state(), ...mesh.state(), responses: probers.responses() }),
    start: () => {
      mesh.start();
      loop.start();
    },
    stop: () => {
      mesh.stop();
      loop.stop();
      probers.close();
    },
  };
}
