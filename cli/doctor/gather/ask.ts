import { z } from 'zod';
import { messageOf } from '../../../receivers/shared/errors.ts';
import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
  type KubeRequest,
} from '../../../receivers/shared/kubernetes/client.ts';
import { readText } from '../../../receivers/shared/kubernetes/exchange.ts';
import { hidden, seen, type Seen } from '../facts.ts';

const answerMs = 10_000;
const maxTextBytes = 4 * 1024 * 1024;

/** Asks an API server for facts. */
export interface Asker {
  readonly client: KubeClient;
  /** Ends the asking: time is up, or the user interrupts. */
  readonly signal: AbortSignal;
}

/** The answer to a request, or why there is none; the server's own words where it refuses. Never rejects. */
export async function ask<T>(
  { client, signal }: Asker,
  request: KubeRequest,
  schema: z.ZodType<T>,
): Promise<Seen<T>> {
  return understand(await client.request(request, { timeoutMs: answerMs, signal }), schema);
}

/** The answer as it came, within the same time. */
export function askRaw({ client, signal }: Asker, request: KubeRequest): Promise<KubeAnswer> {
  return client.request(request, { timeoutMs: answerMs, signal });
}

/** An answer that is text, such as metrics, or why there is none. Never rejects. */
export async function askText({ client, signal }: Asker, path: string): Promise<Seen<string>> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const opened = await client.stream(
    { verb: 'get', path },
    { timeoutMs: answerMs, signal: within },
  );
  if (opened.kind !== 'open') return understand(opened, z.never());
  try {
    return seen((await readText(opened.response, maxTextBytes)).toString('utf8'));
  } catch (error) {
    return hidden(messageOf(error));
  }
}

export function understand<T>(answer: KubeAnswer, schema: z.ZodType<T>): Seen<T> {
  if (answer.kind === 'failed') return hidden(whyFailed(answer));
  if (answer.status < 200 || answer.status > 299) {
    const said = statusMessage(answer.body);
    return hidden(said ?? `the API server answers with status ${answer.status}`);
  }
  const checked = schema.safeParse(answer.body);
  return checked.success
    ? seen(checked.data)
    : hidden(`an answer of another shape than expected: ${checked.error.issues[0]?.message ?? ''}`);
}

function whyFailed({ reason, message }: Extract<KubeAnswer, { kind: 'failed' }>): string {
  switch (reason) {
    case 'timeout':
      return `no answer within ${answerMs / 1000} s`;
    case 'cancelled':
      return 'there was no time left to ask';
    case 'network':
    case 'credentials':
      return message;
  }
}
