import { startDeadline } from '../receivers/shared/deadline.ts';
import { messageOf, toError } from '../receivers/shared/errors.ts';
import { readBody } from './read-body.ts';

const timeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024 * 1024;

export type FetchedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly problem: string };

/** What an address answers. Rejects only with the signal's reason. */
export async function fetchText(url: URL, signal: AbortSignal): Promise<FetchedText> {
  const deadline = startDeadline(timeoutMs, signal);
  try {
    const response = await fetch(url, { signal: deadline.signal });
    if (!response.ok) {
      await response.body?.cancel();
      return { kind: 'failed', problem: `expected HTTP status 200, got ${response.status}` };
    }
    return { kind: 'text', text: await readBody(response, maxAnswerBytes) };
  } catch (caught) {
    signal.throwIfAborted();
    const error = toError(caught);
    const problem = deadline.expired()
      ? `no answer within ${timeoutMs / 1000} s`
      : messageOf(error.cause ?? error);
    return { kind: 'failed', problem };
  } finally {
    deadline.clear();
  }
}
