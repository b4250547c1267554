import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { startDeadline } from '../../shared/deadline.ts';
import { messageOf } from '../../shared/errors.ts';
import { readBounded } from '../../shared/read-bounded.ts';

export interface HttpQuestion {
  readonly url: URL;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  /** The problem says what came instead, not who was asked. */
  | { readonly kind: 'failed'; readonly problem: string };

const maxBytes = 1024 * 1024;

/** Asks once, by HTTP or HTTPS. Never rejects; what does not come in time or is longer than a megabyte is cut off. */
export async function askHttp(
  question: HttpQuestion,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const deadline = startDeadline(timeoutMs, signal);
  try {
    const answer = await exchange(question, deadline.signal);
    const body = await readBounded(answer as AsyncIterable<Buffer>, maxBytes);
    return body === undefined
      ? { kind: 'failed', problem: `an answer of more than ${maxBytes} bytes` }
      : { kind: 'answer', status: answer.statusCode ?? 0, text: body.toString('utf8') };
  } catch (caught) {
    const problem = deadline.expired() ? `no answer within ${timeoutMs} ms` : messageOf(caught);
    return { kind: 'failed', problem };
  } finally {
    deadline.clear();
  }
}

function exchange(
  { url, method, headers, body }: HttpQuestion,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, signal, agent: false });
    asked.once('response', resolve);
    asked.once('error', reject);
    asked.end(body);
  });
}
