import { queryForSender } from './query.ts';
import { callViewer, problemOf, rpcAddress } from './rpc.ts';
import { beginningsResult } from './schema.ts';

export type NewestSpan =
  /** Nanoseconds since the Unix epoch at which the newest trace with a span of it began; null: there is none. */
  | { readonly kind: 'found'; readonly startNs: bigint | null }
  | { readonly kind: 'failed'; readonly problem: string };

/** Asks the viewer whether spans of a service came, of one node where that is not null. Rejects only with the signal's reason. */
export async function newestSpanOf(
  pages: URL,
  asked: {
    readonly service: string;
    readonly node: string | null;
    readonly fromNs: bigint;
    readonly toNs: bigint;
  },
  signal: AbortSignal,
): Promise<NewestSpan> {
  const { service, node, fromNs, toNs } = asked;
  const params = [String(fromNs), String(toNs), queryForSender(service, node)];
  const call = { method: 'searchTraces', params, result: beginningsResult };
  const outcome = await callViewer(rpcAddress(pages), call, signal);
  if (outcome.kind !== 'result') return { kind: 'failed', problem: problemOf(outcome) };
  const startNs = outcome.result
    .map(({ startTime }) => BigInt(startTime))
    .reduce<bigint | null>(
      (newest, each) => (newest === null || each > newest ? each : newest),
      null,
    );
  return { kind: 'found', startNs };
}
