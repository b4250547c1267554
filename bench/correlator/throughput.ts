import { createOtlpClient } from '../../receivers/correlator/edge/otlp-client.ts';
import { startSink } from './sink.ts';
import type { Subject } from './subject.ts';
import type { Load } from './traffic.ts';

export interface Throughput {
  /** Spans for each second of processor time, for each run. */
  readonly perCore: readonly number[];
  /** Most memory, over all runs. */
  readonly mostBytes: number;
}

const runs = 5;
const spansInARun = 400_000;
const atOnce = 4;

/** Gives a program the load over and over, as fast as it takes it, and reads what that cost. */
export async function throughput(
  start: (sink: string) => Promise<Subject>,
  load: Load,
): Promise<Throughput> {
  const sink = await startSink();
  const subject = await start(sink.endpoint);
  const perCore: number[] = [];
  await feed(subject, load, spansInARun / 2);
  for (let run = 0; run < runs; run++) {
    const before = subject.cpuMs();
    const spans = await feed(subject, load, spansInARun);
    perCore.push((spans / (subject.cpuMs() - before)) * 1000);
  }
  const { mostBytes } = subject.memory();
  await subject.stop();
  await sink.stop();
  return { perCore, mostBytes };
}

async function feed(subject: Subject, load: Load, atLeast: number): Promise<number> {
  const client = createOtlpClient(subject.endpoint);
  let spans = 0;
  while (spans < atLeast) {
    load.renew();
    await sendAll(load.requests, async (request) => {
      const delivery = await client.export(request, 30_000, new AbortController().signal);
      if (delivery.kind !== 'delivered') throw new Error(`not taken: ${delivery.problem}`);
    });
    spans += load.spans;
  }
  client.close();
  return spans;
}

async function sendAll(
  requests: readonly Buffer[],
  send: (request: Buffer) => Promise<void>,
): Promise<void> {
  const left = requests.values();
  const worker = async (): Promise<void> => {
    for (const request of left) await send(request);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
