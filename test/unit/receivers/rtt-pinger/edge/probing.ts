import assert from 'node:assert/strict';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { wantedOf, type Protocol } from '../../../../../receivers/rtt-pinger/core/target.ts';
import {
  openProbers,
  type OpenedProber,
  type ProberOptions,
} from '../../../../../receivers/rtt-pinger/edge/open-probers.ts';
import { createProbeLoop } from '../../../../../receivers/rtt-pinger/edge/probe-loop.ts';
import { loadLibc } from '../../../../../receivers/shared/packets/libc.ts';
import { until } from '../../../../support/until.ts';
import { peer } from '../peers.ts';

/** Probes one address until there are so many samples, by the real probers and the real loop. */
export async function probe(
  protocol: Protocol,
  to: { readonly address: string; readonly port: number; readonly samples: number },
  more: Partial<ProberOptions> = {},
): Promise<{ readonly samples: readonly Sample[]; readonly opened: OpenedProber }> {
  const samples: Sample[] = [];
  const [opened] = openProbers({
    protocols: [protocol],
    libc: await loadLibc(),
    timeoutMs: 1000,
    http: { path: '/ping', reuse: false },
    onSample: (sample) => samples.push(sample),
    ...more,
  });
  assert.ok(opened);
  const loop = createProbeLoop({
    rhythm: { intervalMs: 10, jitter: 0, random: Math.random },
    probers: { [protocol]: opened.prober },
    lateMs: 2,
  });
  loop.follow([wantedOf(peer('peer', to.address), protocol, to.port)]);
  loop.start();
  try {
    await until(() => samples.length >= to.samples);
  } finally {
    loop.stop();
    opened.prober.close();
  }
  return { samples: samples.slice(0, to.samples), opened };
}

export function outcomes(samples: readonly Sample[]): string[] {
  return [...new Set(samples.map((sample) => (sample.kind === 'ok' ? 'ok' : sample.reason)))];
}
