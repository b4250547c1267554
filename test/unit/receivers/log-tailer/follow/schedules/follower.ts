import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { followLogs } from '../../../../../../receivers/log-tailer/follow/follow-logs.ts';
import type { SavedLog } from '../../../../../../receivers/log-tailer/follow/checkpoint-format.ts';
import { noLog } from '../no-log.ts';

/** What one run of a follower handed on, as it was. */
export interface Handed {
  readonly log: string;
  readonly offset: number;
  readonly text: string;
}

export interface FollowerOptions {
  readonly globs: readonly string[];
  readonly checkpoints: string;
  readonly watch: 'inotify' | 'polling';
  readonly consumeMs: number;
}

/** A follower that acknowledges all that it hands on. */
export interface Follower {
  /** So far. */
  readonly handed: () => readonly Handed[];
  /** Resolves when it has ended in order. */
  readonly stop: () => Promise<void>;
  /** Ends it with SIGKILL; only a process of its own can be. */
  readonly kill: () => Promise<void>;
}

export const schedulesTimes = {
  graceMs: 500,
  saveMs: 30,
  pollMs: 20,
  sweepMs: 60_000,
  unclearMs: 1000,
  writtenMs: 200,
};
export const schedulesChunkBytes = 4096;

export async function startHere({
  globs,
  checkpoints,
  watch,
  consumeMs,
}: FollowerOptions): Promise<Follower> {
  const handed: Handed[] = [];
  const stop = new AbortController();
  const following = followLogs({
    globs,
    checkpoints,
    watch,
    signal: stop.signal,
    log: noLog,
    times: schedulesTimes,
    chunkBytes: schedulesChunkBytes,
    onChunk: async ({ log, offset, bytes }) => {
      if (consumeMs > 0) await delay(consumeMs);
      handed.push({ log, offset, text: bytes.toString('latin1') });
      following.acknowledge(log, offset + bytes.length);
    },
  });
  await following.ready;
  return {
    handed: () => handed,
    stop: async () => {
      stop.abort();
      await following.ended;
    },
    kill: () => Promise.reject(new Error('it has no process of its own')),
  };
}

/** `journal`: the file in which the child writes what it hands on. */
export async function startChild(
  program: string,
  options: FollowerOptions,
  journal: string,
): Promise<Follower> {
  closeSync(openSync(journal, 'w'));
  const child: ChildProcess = fork(program, [JSON.stringify({ ...options, journal })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  await Promise.race([once(child, 'message'), exit.then(fail)]);
  const handed: Handed[] = [];
  const buffer = Buffer.alloc(65_536);
  let fd: number | undefined = openSync(journal, 'r');
  let rest = '';

  function readMore(): readonly Handed[] {
    if (fd === undefined) return handed;
    for (let read = 1; read > 0;) {
      read = readSync(fd, buffer, 0, buffer.length, null);
      rest += buffer.toString('latin1', 0, read);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) handed.push(JSON.parse(line) as Handed);
    return handed;
  }

  async function gone(): Promise<void> {
    await exit;
    readMore();
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  }

  return {
    handed: readMore,
    stop: async () => {
      child.send('stop');
      await gone();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone();
    },
  };
}

function fail(): never {
  throw new Error('the follower ended before it followed');
}

/** What is saved, by log. */
export function savedLogs(checkpoints: string): Map<string, SavedLog> {
  try {
    const { logs } = JSON.parse(readFileSync(checkpoints, 'utf8')) as { logs: SavedLog[] };
    return new Map(logs.map((log) => [log.id, log]));
  } catch {
    // Nothing was saved yet.
    return new Map();
  }
}
