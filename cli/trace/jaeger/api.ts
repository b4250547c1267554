import { z } from 'zod';
import { messageOf } from '../../../receivers/shared/errors.ts';
import { spansOf, tracesSchema, type OwnedSpan } from './otlp.ts';

const answerWithinMs = 20_000;
const notFound = 404;

export type FoundSpans =
  /** None where Jaeger has none. */
  | { readonly kind: 'spans'; readonly spans: readonly OwnedSpan[] }
  | { readonly kind: 'failed'; readonly problem: string };

const wrapperSchema = z.looseObject({ result: tracesSchema });

/** Asks the API of version 3 for spans. Rejects only with the signal's reason. */
export async function askSpans(
  pages: URL,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FoundSpans> {
  const url = apiUrl(pages, path);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  try {
    const answer = await fetch(url, { signal: limit });
    if (answer.status === notFound) return { kind: 'spans', spans: [] };
    if (!answer.ok) return failed(`answered with status ${answer.status}`);
    const { result } = wrapperSchema.parse(await answer.json());
    return { kind: 'spans', spans: spansOf(result) };
  } catch (error) {
    signal.throwIfAborted();
    return failed(error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error));
  }
}

/** Whether a Jaeger is at this address. Rejects only with the signal's reason. */
export async function isJaeger(pages: URL, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  try {
    const answer = await fetch(apiUrl(pages, 'services'), { signal: limit });
    const body: unknown = await answer.json();
    return answer.ok && typeof body === 'object' && body !== null;
  } catch {
    // What gives no JSON there is no Jaeger, or does not answer at all.
    signal.throwIfAborted();
    return false;
  }
}

function apiUrl(pages: URL, path: string): URL {
  const base = pages.pathname.endsWith('/') ? pages : new URL(`${pages.pathname}/`, pages);
  return new URL(`api/v3/${path}`, base);
}

function failed(problem: string): FoundSpans {
  return { kind: 'failed', problem };
}

/** fetch tells the reason as the cause of an error that says nothing. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return messageOf(cause ?? error);
}
