import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { backendAt } from '../../trace/backend.ts';
import type { NodeBoot, Part } from '../cluster-report.ts';
import { nodeBoots } from '../node-boots.ts';

const withinMs = 30_000;

/** The last boot of each node, read from the backend. Rejects only with the signal's reason. */
export async function readBoots(
  pages: URL,
  signal: AbortSignal,
): Promise<Part<readonly NodeBoot[]>> {
  const deadline = startDeadline(withinMs, signal);
  try {
    const source = await backendAt(pages, deadline.signal);
    const found = await source.boots(deadline.signal);
    if (found.kind === 'failed')
      return missing(`reading boots from ${source.address}: ${found.problem}`);
    const boots = nodeBoots(found.traces);
    return boots.length === 0
      ? missing(`no log tailer has told ${source.address} of a boot`)
      : { kind: 'read', value: boots };
  } catch (caught) {
    signal.throwIfAborted();
    if (!deadline.expired()) throw caught;
    return missing(`${pages.href}: no answer within ${withinMs / 1000} s`);
  } finally {
    deadline.clear();
  }
}

function missing(why: string): Part<never> {
  return { kind: 'missing', why };
}
