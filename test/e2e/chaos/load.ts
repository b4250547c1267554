import assert from 'node:assert/strict';
import { cluster } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { deployProber, removeProber } from '../../support/long-running-prober.ts';
import { startRelay } from '../../support/otlp-relay.ts';
import { followSpans } from '../../support/span-follower.ts';

const probesAgainWithinMs = 120_000;
const arrivedWithinMs = 120_000;

/** Probes without pause from within the cluster, and what became of their spans. */
export interface Load {
  /** Resolves when a probe that begins from now on has succeeded and its trace has arrived. */
  probesAgain(): Promise<void>;
  /** Resolves when everything that the gateway acknowledged is in its file. */
  nothingLost(): Promise<void>;
  figures(): Figures;
  stop(): Promise<void>;
}

interface Figures {
  readonly acknowledged: number;
  readonly twice: number;
  readonly refused: number;
  readonly probes: { readonly ok: number; readonly failed: number };
}

/** The long-running prober, whose spans go through a relay that knows what the gateway has acknowledged. */
export async function startLoad(): Promise<Load> {
  const { nodes, spansFile } = await cluster();
  const host = nodes.find(({ role }) => role === 'control-plane')?.address;
  assert.ok(host);
  const timesArrived = new Map<string, number>();
  const probes = { ok: 0, failed: 0 };
  let lastOkStart = 0n;
  const follower = await followSpans(
    spansFile,
    ({ spanId, name, startNs, attributes, resource }) => {
      if (resource['service.name'] !== 'pod-prober') return;
      const times = (timesArrived.get(spanId) ?? 0) + 1;
      timesArrived.set(spanId, times);
      if (name !== 'prober.main' || times > 1) return;
      const ok = attributes['outcome'] === 'ok';
      probes[ok ? 'ok' : 'failed']++;
      if (ok && startNs > lastOkStart) lastOkStart = startNs;
    },
  );
  const relay = await startRelay(host);
  await deployProber({
    args: ['--interval=1s', '--count=4', '--concurrency=4'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${relay.port}`,
      OTEL_EXPORTER_OTLP_CERTIFICATE: null,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: null,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: null,
    },
  });
  return {
    probesAgain: () => {
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      const again = (): void => assert.ok(lastOkStart > nowNs, 'no probe has succeeded since');
      return eventually(again, { withinMs: probesAgainWithinMs });
    },
    nothingLost: () =>
      eventually(
        () => {
          const lost = [...relay.acknowledged].filter((id) => !timesArrived.has(id));
          assert.equal(lost.length, 0, `acknowledged and lost: ${lost.slice(0, 5).join(' ')}`);
        },
        { withinMs: arrivedWithinMs, everyMs: 1000 },
      ),
    figures: () => ({
      acknowledged: relay.acknowledged.size,
      twice: [...timesArrived.values()].filter((times) => times > 1).length,
      refused: relay.refused(),
      probes,
    }),
    stop: async () => {
      await removeProber();
      await follower.close();
      relay.close();
    },
  };
}
