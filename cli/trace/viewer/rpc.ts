import type { z } from 'zod';
import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { messageOf, toError } from '../../../receivers/shared/errors.ts';
import { readBody } from '../../read-body.ts';
import { rpcAnswer } from './schema.ts';

export type RpcOutcome<T> =
  | { readonly kind: 'result'; readonly result: T }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  | { readonly kind: 'failed'; readonly problem: string };

const timeoutMs = 10_000;
const maxAnswerBytes = 256 * 1024 * 1024;

/** Calls one JSON-RPC method of the viewer. Rejects only with the signal's reason. */
export async function callViewer<T>(
  url: URL,
  call: {
    readonly method: string;
    readonly params: readonly unknown[];
    readonly result: z.ZodType<T>;
  },
  signal: AbortSignal,
): Promise<RpcOutcome<T>> {
  const deadline = startDeadline(timeoutMs, signal);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: call.method, params: call.params }),
      signal: deadline.signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return failed(`expected HTTP status 200 from POST ${url.href}, got ${response.status}`);
    }
    return understand(await readBody(response, maxAnswerBytes), call.result);
  } catch (caught) {
    signal.throwIfAborted();
    if (deadline.expired()) {
      return failed(`no answer from ${url.href} within ${timeoutMs / 1000} s`);
    }
    const error = toError(caught);
    return failed(`POST ${url.href}: ${messageOf(error.cause ?? error)}`);
  } finally {
    deadline.clear();
  }
}

function understand<T>(text: string, result: z.ZodType<T>): RpcOutcome<T> {
  const answer = rpcAnswer.safeParse(parsed(text));
  if (!answer.success) {
    return failed(
      'expected a JSON-RPC answer, as otel-desktop-viewer gives it, got something else',
    );
  }
  if ('error' in answer.data) {
    return { kind: 'refused', ...answer.data.error };
  }
  const checked = result.safeParse(answer.data.result);
  return checked.success
    ? { kind: 'result', result: checked.data }
    : failed(`a result of another shape than expected: ${checked.error.issues[0]?.message ?? ''}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all fails the same check as JSON of the wrong shape.
    return undefined;
  }
}

function failed(problem: string): { readonly kind: 'failed'; readonly problem: string } {
  return { kind: 'failed', problem };
}

/** What kept a result away, in words. */
export function problemOf(outcome: Exclude<RpcOutcome<unknown>, { kind: 'result' }>): string {
  return outcome.kind === 'failed'
    ? outcome.problem
    : `the viewer refused (${outcome.code}): ${outcome.message}`;
}

/** Where the viewer with these pages is called. */
export function rpcAddress(pages: URL): URL {
  return new URL('rpc', withSlash(pages));
}

export function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}
