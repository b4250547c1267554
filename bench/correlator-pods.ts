import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../build/bundle.ts';
import { startApiServer, type ApiServer } from './correlator/api-server.ts';
import { startSink } from './correlator/sink.ts';
import { startCorrelator } from './correlator/subject.ts';
import { wholePods } from './correlator/whole-pods.ts';
import { measured, type Benchmark } from './figure.ts';

const count = 5000;
const runs = 3;
const listsAgain = 3;
const mebibyte = 1024 * 1024;

/** The bundled correlator that observes every pod of a large cluster: what reading them takes. */
export async function correlatorPods(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const pods = wholePods(count);
  const api = await startApiServer(pods);
  try {
    const entry = await bundle('receivers/correlator/main.ts', folder);
    const most: number[] = [];
    for (let run = 0; run < runs; run++) most.push(await mostBytes(entry, api, folder));
    return {
      name: 'correlator-pods',
      conditions: [
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
        `${count} whole pods of ${Math.round(JSON.stringify(pods).length / count)} bytes of JSON, all observed, both roles, from an API server in this process`,
        `listed at start, and ${listsAgain} times again because the API server forgot where the watch was`,
      ],
      figures: [
        {
          figure: `memory at most, ${count} pods`,
          unit: 'MiBy',
          ours: measured(most.map((bytes) => bytes / mebibyte)),
          peers: {},
          goal: { atMost: 150_000_000 / mebibyte },
        },
      ],
    };
  } finally {
    api.close();
    await rm(folder, { recursive: true });
  }
}

async function mostBytes(entry: string, api: ApiServer, folder: string): Promise<number> {
  const sink = await startSink();
  const before = api.watched();
  const place = { folder, sink: sink.endpoint };
  const subject = await startCorrelator(entry, api.kubeconfig, place, [{}]);
  const watches = api.watched() - before;
  for (let again = 1; again <= listsAgain; again++) {
    api.forget();
    while (api.watched() < before + watches * (again + 1)) {
      subject.memory();
      await sleep(50);
    }
  }
  const { mostBytes: most } = subject.memory();
  await subject.stop();
  await sink.stop();
  return most;
}
