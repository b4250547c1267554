import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf } from '../correlator/subject.ts';
import { program } from '../../test/support/cluster.ts';
import type { Sink } from './sink.ts';
import { probeEvents, probeLine } from './writing.ts';

/** A program that follows a log and sends what it finds. */
export interface Follower {
  /** The log. */
  readonly path: string;
  /** From its start to the record of a line that was there before. */
  readonly firstMs: number;
  readonly cpuMs: () => number;
  /** Resident now, and at most so far. */
  readonly rssMib: () => { readonly now: number; readonly most: number };
  readonly stop: () => Promise<void>;
}

/** Number of the probe that is there before a follower starts. */
const before = 999_999;
const startMs = 30_000;

/** A small heap and one arena, as for the programs that the manifests deploy. */
export const v8 = ['--max-semi-space-size=1', '--max-heap-size=64'];

/** The log tailer, `entry` its bundle, with the events of Amazon Linux 2 and the probes'. */
export function startTailer(entry: string, folder: string, sink: Sink): Promise<Follower> {
  const [config, pack] = [join(folder, 'config.yaml'), join(folder, 'pack.yaml')];
  const probe = { sources: ['Messages'], selector: 'all', tells: 'line' };
  const events = Array.from({ length: probeEvents }, (_, index) => ({
    ...probe,
    metric: `probe_${index}`,
    name: `Probe ${index}`,
    // The boot is measured once the first has come.
    terminal: index === before % probeEvents,
    pattern: `latency probe ${index}-`,
  }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    pack,
    JSON.stringify({
      name: 'latency',
      title: 'Latency',
      evidence: 'unverified',
      extends: ['al2'],
      without: ['node_ready', 'pod_ready'],
      events,
    }),
  );
  writeFileSync(
    config,
    JSON.stringify({
      prometheus: true,
      port: 0,
      otlp: { endpoint: `http://${sink.address}` },
      timeout: '1h',
      logs: { pack, root: join(folder, 'root'), timeZone: '+00:00' },
      kubernetes: false,
      imds: { enabled: false },
      ec2: { enabled: false },
      cloudInit: [],
    }),
  );
  const path = join(folder, 'root/var/log/messages');
  const command = [process.execPath, ...v8, entry, '--config', config] as const;
  return start(command, path, sink, { MALLOC_ARENA_MAX: '1', OTEL_METRICS_EXPORTER: 'none' });
}

/** The Collector's receiver of files, which looks at them once in `pollMs`, sending each record at once. */
export function startFileLog(pollMs: number, folder: string, sink: Sink): Promise<Follower> {
  const config = join(folder, 'config.yaml');
  const path = join(folder, 'messages');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      receivers: {
        file_log: {
          include: [path],
          start_at: 'beginning',
          poll_interval: `${pollMs}ms`,
          operators: [{ type: 'filter', expr: 'not (body matches "latency probe [0-9]-")' }],
        },
      },
      exporters: {
        otlp_grpc: {
          endpoint: sink.address,
          compression: 'none',
          tls: { insecure: true },
          sending_queue: { enabled: false },
        },
      },
      service: {
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
        pipelines: { logs: { receivers: ['file_log'], exporters: ['otlp_grpc'] } },
      },
    }),
  );
  return start([program('otelcol-kube-latency'), '--config', config], path, sink, {});
}

async function start(
  [name, ...args]: readonly [string, ...string[]],
  path: string,
  sink: Sink,
  env: Readonly<Record<string, string>>,
): Promise<Follower> {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, probeLine(before, Date.now()));
  const beganNs = process.hrtime.bigint();
  const child = spawn(name, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-2000)));
  const exited = once(child, 'exit');
  const { pid = 0 } = child;
  for (const endMs = performance.now() + startMs; !sink.cameNs.has(before); await sleep(5))
    if (child.exitCode !== null || performance.now() > endMs)
      throw new Error(`${name} told nothing, exit ${child.exitCode}: ${said}`);
  return {
    path,
    firstMs: Number((sink.cameNs.get(before) ?? 0n) - beganNs) / 1e6,
    cpuMs: () => cpuMsOf(pid),
    rssMib: () => ({ now: statusMib(pid, 'VmRSS'), most: statusMib(pid, 'VmHWM') }),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function statusMib(pid: number, key: string): number {
  const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm');
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
