import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundle } from '../build/bundle.ts';
import { readNetworkProber, type ValidProber } from '../operator/network-prober.ts';
import type { ApiServer } from '../test/support/api-server.ts';
import { eventually } from '../test/support/eventually.ts';
import { networkProber } from '../test/support/network-probers.ts';
import { startOperator, type RunningOperator } from '../test/support/operator.ts';
import { startPlayedCluster } from '../test/support/played-cluster.ts';
import { send } from '../test/support/played-pods.ts';
import { cpuMsOf } from './correlator/subject.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { assertLists } from './operator/lists.ts';
import { createPopulation, type Population } from './operator/population.ts';

const pods = Number(process.env['KUBE_LATENCY_BENCH_PODS'] ?? 5000);
const churnS = Number(process.env['KUBE_LATENCY_BENCH_SECONDS'] ?? 300);
const namespaces = 40;
/** Pods that come, and pods that go. */
const changesPerS = 20;
const relabelsPerS = 5;
const everyMs = 100;
/** Those of the Deployment. */
const nodeFlags = ['--max-semi-space-size=1', '--optimize-for-size'];
const soon = { withinMs: 120_000, everyMs: 100 };

/** The bundled operator, with its own rights, among thousands of pods that come and go, at a real API server. */
export async function operator(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const api = await startPlayedCluster();
  let subject: RunningOperator | undefined;
  try {
    const entry = await bundle('operator/main.ts', folder);
    const prober = await makeProber(api);
    const population = createPopulation(api.client, 'mesh', namespaces);
    for (const name of population.namespaces) await makeNamespace(api, name);
    say(`${pods} pods`);
    await population.grow(pods);
    subject = await startOperator(
      await api.kubeconfigOf('kube-latency', 'operator'),
      [],
      [...nodeFlags, entry],
    );
    return {
      name: 'operator',
      conditions: [
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
        `a real kube-apiserver and etcd on this machine, ${pods} pods in ${namespaces} namespaces, of the size of real ones, that nobody runs`,
        `${changesPerS} pods made and ${changesPerS} deleted a second, ${relabelsPerS} labels changed, for ${churnS} s; lists of ${prober.spec.topology.maxPeers} peers at most`,
      ],
      figures: await figures(api, { subject, prober, population }),
    };
  } finally {
    await subject?.stop();
    await api.stop();
    await rm(folder, { recursive: true });
  }
}

async function makeProber(api: ApiServer): Promise<ValidProber> {
  const { apply, client } = api;
  await apply(networkProber({ name: 'mesh' }));
  const path = '/apis/probes.bigmikes.io/v1alpha1/namespaces/default/networkprobers/mesh';
  const read = readNetworkProber(await send(client, { verb: 'get', path }));
  if (read?.kind !== 'valid') throw new Error('the NetworkProber cannot be read');
  return read;
}

async function makeNamespace({ client }: ApiServer, name: string): Promise<void> {
  const labels = { 'probes.bigmikes.io/injection': 'enabled' };
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await send(client, { verb: 'create', path: '/api/v1/namespaces', body });
}

interface Run {
  readonly subject: RunningOperator;
  readonly prober: ValidProber;
  readonly population: Population;
}

async function figures(api: ApiServer, run: Run): Promise<Figure[]> {
  const { subject, population } = run;
  say('lists of all');
  const firstS = await converged(api, run);
  const before = await used(subject);
  say(`${churnS} s of changes`);
  const rss: number[] = [];
  const lateS = await churn(population, () => rss.push(rssMB(subject)));
  const afterS = await converged(api, run);
  await delay(3000);
  const after = await used(subject);
  const elapsedS = (after.atMs - before.atMs) / 1000;
  const one = (value: number) => measured([value]);
  const figure = (
    name: string,
    unit: string,
    value: number,
    goal: Figure['goal'] = null,
  ): Figure => ({
    figure: name,
    unit,
    ours: one(value),
    peers: {},
    goal,
  });
  return [
    figure('all lists written after the start', 's', firstS),
    figure('lists right after the last change', 's', afterS, { atMost: 5 }),
    {
      figure: 'resident memory',
      unit: 'MBy',
      ours: measured(rss),
      peers: {},
      goal: { atMost: 200 },
    },
    figure('resident memory, at most', 'MBy', mostMB(subject), { atMost: 200 }),
    figure('lists written a second', '{write}/s', (after.writes - before.writes) / elapsedS, {
      atMost: 20,
    }),
    figure(
      'bytes of lists written a second',
      'kBy/s',
      (after.bytes - before.bytes) / elapsedS / 1000,
      { atMost: 1.1 * 1049 },
    ),
    figure('pods touched a second', '{pod}/s', (after.touches - before.touches) / elapsedS, {
      atMost: 20,
    }),
    figure('CPU of one core', '%', (after.cpuMs - before.cpuMs) / 10 / elapsedS),
    figure('changes that came too late, by so much at most', 's', lateS),
  ];
}

/** Seconds until every list is as it is to be. */
async function converged({ client }: ApiServer, { prober, population }: Run): Promise<number> {
  const beginMs = performance.now();
  await eventually(() => assertLists(client, prober, population.selected()), soon);
  return (performance.now() - beginMs) / 1000;
}

/** Changes the population at its pace; gives by how many seconds it fell behind, at most. */
async function churn(population: Population, onSecond: () => void): Promise<number> {
  const beginMs = performance.now();
  let latestMs = 0;
  for (let tick = 0; tick * everyMs < churnS * 1000; tick++) {
    const dueMs = beginMs + tick * everyMs;
    latestMs = Math.max(latestMs, performance.now() - dueMs);
    await delay(Math.max(0, dueMs - performance.now()));
    const perTick = everyMs / 1000;
    await Promise.all([
      ...Array.from({ length: changesPerS * perTick }, population.replace),
      ...(tick % (1 / (relabelsPerS * perTick)) === 0 ? [population.relabel()] : []),
    ]);
    if (tick % (1000 / everyMs) === 0) onSecond();
  }
  return latestMs / 1000;
}

async function used({ pid, metric }: RunningOperator) {
  const [writes, bytes, touches] = await Promise.all([
    metric('kube_latency_operator_lists_writes_total'),
    metric('kube_latency_operator_lists_written_total'),
    metric('kube_latency_operator_touches_total'),
  ]);
  return { writes, bytes, touches, cpuMs: cpuMsOf(pid), atMs: performance.now() };
}

const rssMB = ({ pid }: RunningOperator): number => statusMB(pid, 'VmRSS');
const mostMB = ({ pid }: RunningOperator): number => statusMB(pid, 'VmHWM');

function statusMB(pid: number, key: string): number {
  const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm');
  return (Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;
}

function say(what: string): void {
  console.error(`bench operator: ${what}`);
}
