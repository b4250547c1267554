import { setTimeout as delay } from 'node:timers/promises';
import { cluster, kubectl, probePods } from '../../test/support/cluster.ts';
import { deployProber, removeProber } from '../../test/support/long-running-prober.ts';
import { followSpans } from '../../test/support/span-follower.ts';
import { consumption, type Consumption } from './consumption.ts';
import { createTraceTally } from './trace-tally.ts';

const sampleEveryMs = 10_000;
/** One probe a second, in rounds: a round is over before the next begins. */
export const roundSeconds = 8;
/** After the last probe: batches, joined copies, files. */
const lastSpansWithinMs = 20_000;

export interface Soaked {
  /** By trace id of each probe that the prober has finished: what its trace lacks; null: nothing. */
  readonly probes: ReadonlyMap<string, string | null>;
  /** One list a moment, oldest first. */
  readonly samples: readonly (readonly Consumption[])[];
  /** Most probe pods that were there at a time, but those of the last moments. */
  readonly mostPods: number;
  readonly seconds: number;
}

/** Probes the running cluster once a second for so long, from within. */
export async function runSoak(
  forMs: number,
  progress: (message: string) => void = () => {},
): Promise<Soaked> {
  const { spansFile } = await cluster();
  const traces = createTraceTally();
  await using cleanUp = new AsyncDisposableStack();
  const follower = await followSpans(spansFile, (span) =>
    traces.add({ ...span, service: String(span.resource['service.name']) }, Date.now()),
  );
  cleanUp.defer(() => follower.close());
  cleanUp.defer(removeProber);
  const rate = [`--count=${roundSeconds}`, `--concurrency=${roundSeconds}`];
  await deployProber({ args: [`--interval=${roundSeconds}s`, ...rate] });
  const beganMs = Date.now();
  const samples: Consumption[][] = [];
  let mostPods = 0;
  while (Date.now() - beganMs < forMs) {
    await delay(Math.min(sampleEveryMs, forMs - (Date.now() - beganMs)));
    samples.push(await consumption());
    mostPods = Math.max(mostPods, (await probePods()).length);
    traces.settle(Date.now(), 'quiet');
    if (samples.length % 30 === 0) progress(describe(traces.judged, samples.length));
  }
  const seconds = (Date.now() - beganMs) / 1000;
  const finished = await finishedProbes();
  await removeProber();
  await delay(lastSpansWithinMs);
  await follower.close();
  traces.settle(Date.now(), 'all');
  const probes = new Map(finished.map((id) => [id, lackOf(id, traces.judged)]));
  return { probes, samples, mostPods, seconds };
}

/** A probe whose root has not come was not judged. */
function lackOf(traceId: string, judged: ReadonlyMap<string, string | null>): string | null {
  const lack = judged.get(traceId);
  return lack === undefined ? 'everything' : lack;
}

function describe(judged: ReadonlyMap<string, string | null>, samples: number): string {
  const incomplete = [...judged.values()].filter((missing) => missing !== null);
  const minutes = (samples * sampleEveryMs) / 60_000;
  return `${minutes} min: ${judged.size} traces, ${incomplete.length} of them incomplete`;
}

/** Trace ids, as the prober tells them in its log when a probe ends; of the last container alone. */
async function finishedProbes(): Promise<string[]> {
  const log = await kubectl(['--namespace', 'kube-latency', 'logs', 'deployment/pod-prober']);
  return log.split('\n').flatMap((line) => {
    const [, traceId] = /"traceId":"([0-9a-f]{32})".*"msg":"probe \d+: /.exec(line) ?? [];
    return traceId === undefined ? [] : [traceId];
  });
}
