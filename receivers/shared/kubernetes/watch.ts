import type { IncomingMessage } from 'node:http';

import { backoffMs, type Backoff } from '../backoff.ts';
import { sleep } from '../deadline.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { WallClock } from '../wall-clock.ts';
import { statusMessage, type KubeClient } from './client.ts';
import { createLineSplitter } from './lines.ts';
import { listPages, type Listing, type NotRead } from './list-pages.ts';

/** One change as the API server told it, and when we heard of it. */
interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: unknown;
  readonly arrivalNs: bigint;
}

export interface WatchOptions {
  /** Path of the collection. */
  readonly path: string;
  /** Selectors, for the list and the watch alike. */
  readonly query: Readonly<Record<string, string>>;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /**
   * Takes the whole collection, at start and whenever the server forgot where we were (410); left out: only what
   * changes from now on is wanted.
   */
  readonly listing?: () => Listing;
  readonly onEvent: (event: WatchEvent) => void;
  readonly random?: () => number;
  readonly backoff?: Backoff;
  /** A watch without a byte for longer is cut and opened again; bookmarks come every minute. */
  readonly silenceMs?: number;
}

export type WatchStart = { readonly kind: 'open' } | NotRead;

export interface Watch {
  /** True while a stream is open. */
  readonly live: () => boolean;
  /** For how long none is open; 0 while one is. */
  readonly downMs: () => number;
  /** Resolves when the watch has ended after its signal. */
  readonly ended: Promise<void>;
}

const requestTimeoutMs = 30_000;
const maxLineBytes = 16 * 1024 * 1024;
const defaultBackoff: Backoff = { baseMs: 200, capMs: 15_000 };
const defaultSilenceMs = 90_000;
/** A stream that stood this long was sound: the next failure counts as the first. */
const steadyMs = 5000;

interface WatchLine {
  readonly type: string;
  readonly object: {
    readonly metadata?: { readonly resourceVersion?: string };
    readonly code?: number;
  };
}

/** Why one stream ended, and from which version to go on; undefined: the server forgot, list again. */
interface StreamEnd {
  readonly why: string;
  readonly healthy: boolean;
  readonly version: string | undefined;
}

/** Reads lines until the stream ends, breaks, falls silent or tells an error. */
async function readStream(
  response: IncomingMessage,
  version: string,
  options: WatchOptions,
): Promise<StreamEnd> {
  const splitter = createLineSplitter(maxLineBytes);
  const silenceMs = options.silenceMs ?? defaultSilenceMs;
  let at = version;
  let silent = false;
  const watchdog = setTimeout(() => {
    silent = true;
    response.destroy();
  }, silenceMs);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      watchdog.refresh();
      const arrivalNs = options.clock.nowNs();
      options.client.received(chunk.length);
      for (const text of splitter.push(chunk)) {
        const line = JSON.parse(text.toString('utf8')) as WatchLine;
        if (line.type === 'ERROR') return errorEnd(line, at);
        at = line.object.metadata?.resourceVersion ?? at;
        if (line.type === 'BOOKMARK') continue;
        options.onEvent({ type: line.type as WatchEvent['type'], object: line.object, arrivalNs });
      }
    }
    return { why: 'the server ended it', healthy: true, version: at };
  } catch (caught) {
    const why = silent ? `no byte for ${silenceMs} ms` : messageOf(caught);
    return { why, healthy: false, version: at };
  } finally {
    clearTimeout(watchdog);
    response.destroy();
  }
}

function errorEnd(line: WatchLine, at: string): StreamEnd {
  const gone = line.object.code === 410;
  const why = statusMessage(line.object) ?? 'error without a message';
  return { why, healthy: false, version: gone ? undefined : at };
}

type Opened = { readonly kind: 'stream'; readonly response: IncomingMessage } | NotRead;

async function openStream(version: string, options: WatchOptions): Promise<Opened> {
  const query = {
    ...options.query,
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(Math.round(240 + 240 * (options.random ?? Math.random)())),
  };
  const answer = await options.client.stream(
    { verb: 'watch', path: options.path, query },
    { timeoutMs: requestTimeoutMs, signal: options.signal },
  );
  if (answer.kind === 'open') return { kind: 'stream', response: answer.response };
  if (answer.kind === 'failed') return { kind: 'unreachable', message: answer.message };
  const message = statusMessage(answer.body) ?? `status ${answer.status}`;
  return { kind: 'refused', status: answer.status, message };
}

interface Position {
  /** Undefined: list first. */
  version: string | undefined;
  /** Streams and lists in a row that did no good. */
  failures: number;
}

/** One turn: list where needed, open, read to the end. Says how it ended. */
async function turn(
  position: Position,
  options: WatchOptions,
  live: (on: boolean) => void,
): Promise<StreamEnd> {
  if (position.version === undefined) {
    const listed = await listPages(options);
    if (listed.kind !== 'listed')
      return { why: listed.message, healthy: false, version: undefined };
    position.version = listed.version;
  }
  const { version } = position;
  const opened = await openStream(version, options);
  if (opened.kind !== 'stream') {
    const gone = opened.kind === 'refused' && opened.status === 410;
    return { why: opened.message, healthy: false, version: gone ? undefined : version };
  }
  live(true);
  const openedMs = performance.now();
  const end = await readStream(opened.response, version, options);
  live(false);
  if (performance.now() - openedMs > steadyMs) position.failures = 0;
  return end;
}

/**
 * Lists a collection and then follows it: resumes from the last version seen, lists again when the
 * server forgot it (410), waits with jitter between failures, and cuts a stream that falls silent.
 * Resolves once the first stream stands (or was refused: then nothing runs); ends with the signal.
 */
export async function startWatch(
  options: WatchOptions,
): Promise<{ readonly start: WatchStart; readonly watch: Watch }> {
  let live = false;
  let sinceMs = performance.now();
  let told: string | undefined;

  function setLive(on: boolean): void {
    live = on;
    sinceMs = performance.now();
    if (!on || told === undefined) return;
    told = undefined;
    options.log.info({ path: options.path }, 'watch resumed');
  }

  /** One outage is one message, or as many as it has causes. */
  function tell({ healthy, why }: StreamEnd): void {
    if (healthy || why === told || options.signal.aborted) return;
    told = why;
    options.log.warn({ path: options.path, why }, 'watch interrupted');
  }

  async function follow(first: IncomingMessage, version: string): Promise<void> {
    const position: Position = { version, failures: 0 };
    setLive(true);
    let end = await readStream(first, version, options);
    setLive(false);
    while (!options.signal.aborted) {
      tell(end);
      position.version = end.version;
      const random = options.random ?? Math.random;
      const waitMs = backoffMs(options.backoff ?? defaultBackoff, position.failures++, random);
      await sleep(waitMs, options.signal);
      if (!options.signal.aborted) end = await turn(position, options, setLive);
    }
  }

  const state = { live: () => live, downMs: () => (live ? 0 : performance.now() - sinceMs) };
  const never = { ...state, ended: Promise.resolve() };
  const listed = await listPages(options);
  if (listed.kind !== 'listed') return { start: listed, watch: never };
  const first = await openStream(listed.version, options);
  if (first.kind !== 'stream') return { start: first, watch: never };
  return {
    start: { kind: 'open' },
    watch: { ...state, ended: follow(first.response, listed.version) },
  };
}
