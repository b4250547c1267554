import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface WriterOptions {
  readonly path: string;
  /** Number of the first probe. */
  readonly first: number;
  readonly probes: number;
  readonly everyMs: number;
  /** Of lines that tell nothing, besides. */
  readonly bytesPerMs: number;
}

export interface BareOptions extends Pick<WriterOptions, 'first' | 'probes' | 'everyMs'> {
  /** host:port */
  readonly address: string;
}

export interface FloodOptions extends Pick<WriterOptions, 'path' | 'first' | 'bytesPerMs'> {
  readonly files: number;
  readonly fileBytes: number;
}

export interface Written {
  /** By the number of the probe; nanoseconds of the monotonic clock. */
  readonly wroteNs: ReadonlyMap<number, bigint>;
  readonly lines: number;
}

/** So many events tell of probes: of one event no more than 1,000 are told in a boot. */
export const probeEvents = 10;

/** A line that tells of a probe; each has an event of those that the pack of the bench has. */
export function probeLine(probe: number, unixMs: number): string {
  const stamp = new Date(unixMs).toISOString().replace('Z', '000+00:00');
  return `${stamp} host latency[7]: latency probe ${probe % probeEvents}-${probe}.\n`;
}

/** Writes lines, and resolves when all are written. */
export function write(options: WriterOptions): Promise<Written> {
  return timed('writer/main.ts', options);
}

/** Sends probes by themselves. */
export function sendBare(options: BareOptions): Promise<Written> {
  return timed('bare/main.ts', options);
}

/** Gives how many lines were written. */
export async function flood(options: FloodOptions): Promise<number> {
  const { lines } = (await run('flood/main.ts', options)) as { readonly lines: number };
  return lines;
}

async function timed(program: string, options: WriterOptions | BareOptions): Promise<Written> {
  const { wrote, lines } = (await run(program, options)) as {
    readonly wrote: readonly [number, string][];
    readonly lines: number;
  };
  return { wroteNs: new Map(wrote.map(([probe, ns]) => [probe, BigInt(ns)])), lines };
}

async function run(program: string, options: object): Promise<unknown> {
  const main = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [main, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return JSON.parse(printed);
}
