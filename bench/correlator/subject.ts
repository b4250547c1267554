import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { frugal } from './frugal.ts';
import { createOtlpClient } from '../../receivers/correlator/edge/otlp-client.ts';
import { freePorts } from '../../test/support/free-ports.ts';

/** A program under load: takes OTLP on one port and sends to another. */
export interface Subject {
  readonly endpoint: string;
  /** User and system time so far, of all its threads. */
  readonly cpuMs: () => number;
  /** Memory in use now and at most so far. */
  readonly memory: () => { readonly rssBytes: number; readonly mostBytes: number };
  readonly stop: () => Promise<void>;
}

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10;

async function freeAddresses(count: number): Promise<string[]> {
  return (await freePorts(count)).map((port) => `127.0.0.1:${port}`);
}

function statusBytes(pid: number, key: string): number {
  const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm');
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Processor time of a process so far, user and system. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** Waits until the program takes requests, and says that it is ready where it is asked; rejects when it ends instead, with what it said. */
async function accepting(child: ChildProcess, endpoint: string, ready?: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
  const client = createOtlpClient(endpoint);
  try {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
      const delivery = await client.export(Buffer.alloc(0), 1000, new AbortController().signal);
      if (delivery.kind !== 'delivered') continue;
      if (ready === undefined || (await fetch(ready)).status === 200) return;
    }
    throw new Error(`${endpoint} took no request within 20 s: ${said}`);
  } finally {
    client.close();
  }
}

async function startSubject(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  { endpoint, ready }: { readonly endpoint: string; readonly ready?: string },
): Promise<Subject> {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  await accepting(child, endpoint, ready);
  const pid = child.pid ?? 0;
  return {
    endpoint,
    cpuMs: () => cpuMsOf(pid),
    memory: () => ({
      rssBytes: statusBytes(pid, 'VmRSS'),
      mostBytes: statusBytes(pid, 'VmHWM'),
    }),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export interface SubjectPlace {
  /** For its files. */
  readonly folder: string;
  /** Where it sends to, host:port. */
  readonly sink: string;
}

/**
 * The bundled correlator as a cluster runs it, in both roles, against an API server that a kubeconfig tells of, once
 * it has listed the pods.
 */
export async function startCorrelator(
  entry: string,
  kubeconfig: string,
  { folder, sink }: SubjectPlace,
  observed: readonly object[] = [{ namespaces: ['shop'] }, { namespaces: ['shop2'] }],
): Promise<Subject> {
  const [listen = '', health = ''] = await freeAddresses(2);
  const [config, kube] = [join(folder, 'correlator.yaml'), join(folder, 'kubeconfig')];
  const role = ['node', 'control-plane'];
  await writeFile(config, JSON.stringify({ role, listen, health, send: sink, observed }));
  await writeFile(kube, kubeconfig);
  const flags = ['--config', config, '--kubeconfig', kube];
  const command = [process.execPath, ...frugal.args, entry, ...flags] as const;
  const ready = `http://${health}/readyz`;
  return startSubject(command, { K8S_NODE_NAME: 'n1', ...frugal.env }, { endpoint: listen, ready });
}

/** The collector of this project, passing traces on as its agent does: a queue in memory, batches, no other work. */
export async function startCollector(
  program: string,
  { folder, sink }: SubjectPlace,
): Promise<Subject> {
  const [listen = ''] = await freeAddresses(1);
  const config = join(folder, 'collector.yaml');
  const batch = { flush_timeout: '50ms', min_size: 512, max_size: 2048, sizer: 'items' };
  const exporter = {
    endpoint: sink,
    compression: 'none',
    tls: { insecure: true },
    sending_queue: { sizer: 'bytes', queue_size: 64 * 1024 * 1024, block_on_overflow: true, batch },
  };
  await writeFile(
    config,
    JSON.stringify({
      receivers: { otlp: { protocols: { grpc: { endpoint: listen } } } },
      exporters: { otlp_grpc: exporter },
      service: {
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
        pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_grpc'] } },
      },
    }),
  );
  return startSubject([program, '--config', config], {}, { endpoint: listen });
}
