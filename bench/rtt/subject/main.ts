/**
 * The pinger's probing alone, for `npm run bench -- rtt`: ICMP to many addresses for some time, then one line of JSON.
 * Run inside a namespace of the benchmark.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createIcmpProber } from '../../../receivers/rtt-pinger/edge/icmp-prober.ts';
import { createProbeLoop } from '../../../receivers/rtt-pinger/edge/probe-loop.ts';
import { wantedOf } from '../../../receivers/rtt-pinger/core/target.ts';
import type { Sample } from '../../../receivers/rtt-pinger/core/sample.ts';
import { openEchoSocket } from '../../../receivers/shared/packets/echo-socket.ts';
import { loadLibc } from '../../../receivers/shared/packets/libc.ts';
import { addressAfter, firstPeer } from '../network.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: firstPeer },
    peers: { type: 'string', default: '1' },
    'interval-ms': { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    'stall-ms': { type: 'string', default: '0' },
    'churn-ms': { type: 'string', default: '0' },
    stamps: { type: 'string', default: 'kernel' },
  },
});

const peers = Number(values.peers);
const loaded = await loadLibc();
if (loaded.kind === 'absent') throw new Error(loaded.why);
const opened = openEchoSocket(loaded.libc, {
  family: 4,
  stamps: values.stamps === 'user' ? 'user' : 'kernel',
});
if (opened.kind === 'refused') throw new Error(opened.why);

const rtts = new Float64Array(1 << 22);
let [ok, failed, late] = [0, 0, 0];
function onSample(sample: Sample): void {
  if (sample.late) late++;
  if (sample.kind === 'failed') return void failed++;
  if (ok < rtts.length) rtts[ok] = sample.rttNs;
  ok++;
}

const prober = createIcmpProber({ sockets: { 4: opened.socket }, timeoutMs: 1000, onSample });
const loop = createProbeLoop({
  rhythm: { intervalMs: Number(values['interval-ms']), jitter: 0.05, random: Math.random },
  probers: { icmp: prober },
  lateMs: 2,
});
let generation = 0;
const stallMs = Number(values['stall-ms']);
const churnMs = Number(values['churn-ms']);
const churn = churnMs > 0 ? setInterval(follow, churnMs) : undefined;
const stalls = stallMs > 0 ? setInterval(() => stall(stallMs), 20) : undefined;
follow();
loop.start();
await wait(1000);
[ok, failed, late] = [0, 0, 0];
const descriptorsBefore = readdirSync('/proc/self/fd').length;
const cpuBefore = process.cpuUsage();
await wait(Number(values.seconds) * 1000);
const cpu = process.cpuUsage(cpuBefore);
const answered = ok;
const rssMb = process.memoryUsage.rss() / 1e6;
const descriptors = readdirSync('/proc/self/fd').length;
const lateSamples = late;
await wait(1200);
clearInterval(stalls);
clearInterval(churn);
loop.stop();
prober.close();
const sorted = rtts.subarray(0, Math.min(answered, rtts.length)).toSorted();
console.log(
  JSON.stringify({
    answered,
    failed,
    late: lateSamples,
    descriptors: descriptors - descriptorsBefore,
    p50Us: quantile(0.5),
    p99Us: quantile(0.99),
    meanUs: sorted.reduce((sum, ns) => sum + ns, 0) / sorted.length / 1000,
    cpuUs: (cpu.user + cpu.system) / answered,
    rssMb,
  }),
);

/** Every call with churn makes all peers new ones. */
function follow(): void {
  if (churnMs > 0) generation++;
  loop.follow(
    Array.from({ length: peers }, (_, index) =>
      wantedOf(
        {
          id: `${generation}/${index}`,
          name: String(index),
          address: addressAfter(values.first, index),
          port: 0,
          node: '',
          zone: '',
          rack: '',
          namespace: '',
          pod: '',
        },
        'icmp',
        0,
      ),
    ),
  );
}

function quantile(share: number): number {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN) / 1000;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
