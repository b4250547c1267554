import { statusMessage, type KubeClient } from './client.ts';

/** Takes a whole collection, page by page. One whose list could not be finished gets no end. */
export interface Listing {
  readonly page: (items: readonly unknown[], arrivalNs: bigint) => void;
  /** What was on no page is not there. */
  readonly end: (arrivalNs: bigint) => void;
}

export interface ListOptions {
  /** Path of the collection. */
  readonly path: string;
  /** Selectors. */
  readonly query: Readonly<Record<string, string>>;
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  /** Called at each beginning; left out: only the collection's version is wanted. */
  readonly listing?: (() => Listing) | undefined;
}

/** Why a collection could not be read. */
export type NotRead =
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string };

export type Listed = { readonly kind: 'listed'; readonly version: string } | NotRead;

const requestTimeoutMs = 30_000;
/** A page of whole pods is about a megabyte of JSON, and several of objects; larger ones take memory and save nothing. */
const pageItems = 100;
/** The server keeps the state that a list reads from for minutes: twice in a row is no bad luck. */
const mostBeginnings = 2;

interface ListBody {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/** Lists a collection; begins anew when the server forgot the state that the pages are of (410). */
export async function listPages(options: ListOptions): Promise<Listed> {
  for (let beginnings = 1; ; beginnings++) {
    const listed = await listOnce(options);
    if (listed.kind !== 'expired') return listed;
    if (beginnings === mostBeginnings)
      return { kind: 'refused', status: 410, message: listed.message };
  }
}

async function listOnce(
  options: ListOptions,
): Promise<Listed | { readonly kind: 'expired'; readonly message: string }> {
  const { client, path, query, signal } = options;
  const listing = options.listing?.();
  const limit = String(listing === undefined ? 1 : pageItems);
  let version: string | undefined;
  let next: string | undefined;
  do {
    const answer = await client.request(
      { verb: 'list', path, query: { ...query, limit, ...(next && { continue: next }) } },
      { timeoutMs: requestTimeoutMs, signal },
    );
    if (answer.kind === 'failed') return { kind: 'unreachable', message: answer.message };
    if (answer.status !== 200) {
      const message = statusMessage(answer.body) ?? `status ${answer.status}`;
      if (answer.status === 410 && next) return { kind: 'expired', message };
      return { kind: 'refused', status: answer.status, message };
    }
    const { items, metadata } = (answer.body ?? {}) as ListBody;
    // All pages are of the state that the first one names.
    version ??= metadata?.resourceVersion ?? '';
    next = listing === undefined ? undefined : metadata?.continue;
    listing?.page(items ?? [], answer.answeredNs);
    if (!next) listing?.end(answer.answeredNs);
  } while (next);
  return { kind: 'listed', version };
}
