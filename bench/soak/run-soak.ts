import { setTimeout as delay } from 'node:timers/promises';
import { cluster, kubectl } from '../../test/support/cluster.ts';
import { deployProber, removeProber } from '../../test/support/long-running-prober.ts';
import { followSpans } from '../../test/support/span-follower.ts';
import { consumption, type Consumption } from './consumption.ts';
import { createTraceTally, type Tally } from './trace-tally.ts';

const sampleEveryMs = 10_000;
/** One probe a second, in rounds: a round is over before the next begins. */
const roundSeconds = 8;
/** After the last probe: batches, joined copies, files. */
const lastSpansWithinMs = 20_000;

export interface Soaked {
  /** Probes that the prober has finished. */
  readonly finished: number;
  readonly tally: Tally;
  /** One list a moment, oldest first. */
  readonly samples: readonly (readonly Consumption[])[];
  readonly seconds: number;
}

/** Probes the running cluster once a second for so long, from within. */
export async function runSoak(
  forMs: number,
  progress: (message: string) => void = () => {},
): Promise<Soaked> {
  const { spansFile } = await cluster();
  const traces = createTraceTally();
  const follower = await followSpans(spansFile, (span) =>
    traces.add(
      {
        ...span,
        service: String(span.resource['service.name']),
        errorType: span.attributes['error.type'] as string | undefined,
      },
      Date.now(),
    ),
  );
  try {
    const rate = [`--count=${roundSeconds}`, `--concurrency=${roundSeconds}`];
    await deployProber({ args: [`--interval=${roundSeconds}s`, ...rate] });
    const beganMs = Date.now();
    const samples: Consumption[][] = [];
    while (Date.now() - beganMs < forMs) {
      await delay(Math.min(sampleEveryMs, forMs - (Date.now() - beganMs)));
      samples.push(await consumption());
      traces.settle(Date.now(), 'quiet');
      if (samples.length % 30 === 0) progress(describe(traces.tally(), samples.length));
    }
    const seconds = (Date.now() - beganMs) / 1000;
    const finished = await finishedProbes();
    await removeProber();
    await delay(lastSpansWithinMs);
    await follower.close();
    traces.settle(Date.now(), 'all');
    return { finished, tally: traces.tally(), samples, seconds };
  } finally {
    await removeProber();
    await follower.close();
  }
}

function describe({ complete, incomplete }: Tally, samples: number): string {
  const minutes = (samples * sampleEveryMs) / 60_000;
  const others = [...incomplete].map(([missing, count]) => `, ${count} without ${missing}`);
  return `${minutes} min: ${complete} complete traces${others.join('')}`;
}

/** As the prober numbers them in its log. */
async function finishedProbes(): Promise<number> {
  const last = ['logs', 'deployment/pod-prober', '--tail=20'];
  const log = await kubectl(['--namespace', 'kube-latency', ...last]);
  const numbers = [...log.matchAll(/probe (\d+):/g)].map(([, number]) => Number(number));
  return Math.max(0, ...numbers);
}
