import type { NewestSpan, SenderQuestion } from '../source.ts';
import { queryForSender } from './query.ts';
import { callViewer, problemOf } from './rpc.ts';
import { beginningsResult } from './schema.ts';

/** Asks the viewer whether spans of a service came, of one node where that is not null. Rejects only with the signal's reason. */
export async function newestSpanOf(
  rpc: URL,
  asked: SenderQuestion,
  signal: AbortSignal,
): Promise<NewestSpan> {
  const { service, node, fromNs, toNs } = asked;
  const params = [String(fromNs), String(toNs), queryForSender(service, node)];
  const call = { method: 'searchTraces', params, result: beginningsResult };
  const outcome = await callViewer(rpc, call, signal);
  if (outcome.kind !== 'result') return { kind: 'failed', problem: problemOf(outcome) };
  const startNs = outcome.result
    .map(({ startTime }) => BigInt(startTime))
    .reduce<bigint | null>(
      (newest, each) => (newest === null || each > newest ? each : newest),
      null,
    );
  return { kind: 'found', startNs };
}
