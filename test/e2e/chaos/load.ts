import assert from 'node:assert/strict';
import { cluster, probePods } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { deployProber, removeProber } from '../../support/long-running-prober.ts';
import { startRelay } from '../../support/otlp-relay.ts';
import { followSpans } from '../../support/span-follower.ts';
import type { FileSpan } from '../../support/spans-file.ts';
import type { Backend } from './backend.ts';

const probesAgainWithinMs = 120_000;
/** The longest back-off of a gRPC connection, and time to send. */
const arrivedWithinMs = 180_000;

/** Probes without pause from within the cluster, and what became of their spans. */
export interface Load {
  /** Resolves when a probe that begins from now on has succeeded and its trace has arrived at the backend. */
  probesAgain(): Promise<void>;
  /** Resolves when everything that gateway and agent acknowledged is at the backend. */
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

/** The long-running prober, whose spans go through a relay that knows what was acknowledged. */
export async function startLoad(backend: Backend): Promise<Load> {
  await using cleanUp = new AsyncDisposableStack();
  const { nodes } = await cluster();
  const host = nodes.find(({ role }) => role === 'control-plane')?.address;
  assert.ok(host);
  const arrived = createArrivals();
  const follower = await followSpans(backend.spansFile, (span) => arrived.add(span));
  cleanUp.defer(() => follower.close());
  const relay = await startRelay(host);
  cleanUp.defer(() => relay.close());
  cleanUp.defer(removeProber);
  await deployProber({
    args: ['--interval=1s', '--count=4', '--concurrency=4'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${relay.port}`,
      OTEL_EXPORTER_OTLP_CERTIFICATE: null,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: null,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: null,
    },
  });
  const running = cleanUp.move();
  return {
    probesAgain: () => {
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      const again = (): void => assert.ok(arrived.lastOkNs() > nowNs, 'no probe succeeded since');
      return eventually(again, { withinMs: probesAgainWithinMs });
    },
    nothingLost: () =>
      eventually(
        () => {
          const lost = [...relay.acknowledged].filter((id) => !arrived.times.has(id));
          assert.equal(lost.length, 0, `acknowledged and lost: ${lost.slice(0, 5).join(' ')}`);
        },
        { withinMs: arrivedWithinMs, everyMs: 1000 },
      ),
    figures: () => ({
      acknowledged: relay.acknowledged.size,
      twice: [...arrived.times.values()].filter((times) => times > 1).length,
      refused: relay.refused(),
      probes: arrived.probes,
    }),
    stop: async () => {
      await running.disposeAsync();
      assert.deepEqual(await probePods(), []);
    },
  };
}

/** What has come of the prober's spans, and how often. */
function createArrivals(): {
  readonly times: ReadonlyMap<string, number>;
  readonly probes: Figures['probes'];
  lastOkNs(): bigint;
  add(span: FileSpan): void;
} {
  const times = new Map<string, number>();
  const probes = { ok: 0, failed: 0 };
  let lastOkNs = 0n;
  return {
    times,
    probes,
    lastOkNs: () => lastOkNs,
    add: ({ spanId, name, startNs, attributes, resource }) => {
      if (resource['service.name'] !== 'pod-prober') return;
      times.set(spanId, (times.get(spanId) ?? 0) + 1);
      if (name !== 'prober.main' || times.get(spanId) !== 1) return;
      const ok = attributes['outcome'] === 'ok';
      probes[ok ? 'ok' : 'failed']++;
      if (ok && startNs > lastOkNs) lastOkNs = startNs;
    },
  };
}
