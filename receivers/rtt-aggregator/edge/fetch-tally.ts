import { request, type Agent, type IncomingMessage } from 'node:http';

import { startDeadline } from '../../shared/deadline.ts';
import { messageOf } from '../../shared/errors.ts';
import type { TallyReport } from '../../shared/mesh/tally-report.ts';
import { readBounded } from '../../shared/read-bounded.ts';
import type { FetchFailure } from '../core/own-families.ts';
import { checkTally } from '../core/tally-check.ts';

export type FetchResult =
  | { readonly kind: 'report'; readonly report: TallyReport }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly message: string };

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

const reasonsByCode: Readonly<Record<string, FetchFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  ETIMEDOUT: 'timeout',
};

type Failed = Extract<FetchResult, { kind: 'failed' }>;

function failed(reason: FetchFailure, message: string): Failed {
  return { kind: 'failed', reason, message };
}

/** Asks a pinger for the stretches after a number. Never rejects; what does not come in time or is too long is cut off. */
export async function fetchTally(
  url: string,
  after: number,
  limits: FetchLimits,
): Promise<FetchResult> {
  const deadline = startDeadline(limits.timeoutMs, limits.signal);
  try {
    const text = await body(`${url}/tally?after=${after}`, limits, deadline.signal);
    return typeof text === 'string' ? parsed(text) : text;
  } catch (caught) {
    const { code = '' } = caught as { readonly code?: string };
    const reason = deadline.expired() ? 'timeout' : (reasonsByCode[code] ?? 'other');
    return failed(reason, messageOf(caught));
  } finally {
    deadline.clear();
  }
}

/** Asks again, once, where a connection that was kept had been closed by the other side. */
async function body(
  url: string,
  limits: FetchLimits,
  signal: AbortSignal,
): Promise<string | Failed> {
  const first = await exchange(url, limits.agent, signal);
  const answer = first === 'stale' ? await exchange(url, limits.agent, signal) : first;
  if (answer === 'stale') return failed('reset', 'the connection was closed twice');
  if (answer.statusCode !== 200) {
    answer.resume();
    return failed('bad_status', `expected status 200, got ${answer.statusCode}`);
  }
  const read = await readBounded(answer as AsyncIterable<Buffer>, limits.maxBytes);
  return read === undefined
    ? failed('too_large', `expected at most ${limits.maxBytes} bytes, got more`)
    : read.toString('utf8');
}

function exchange(
  url: string,
  agent: Agent,
  signal: AbortSignal,
): Promise<IncomingMessage | 'stale'> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, signal });
    asked.once('response', resolve);
    asked.once('error', (error: NodeJS.ErrnoException) => {
      const stale = asked.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (stale) resolve('stale');
      else reject(error);
    });
    asked.end();
  });
}

function parsed(text: string): FetchResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (caught) {
    return failed('bad_json', messageOf(caught));
  }
  const checked = checkTally(value);
  return checked.kind === 'sound'
    ? { kind: 'report', report: checked.report }
    : failed('bad_report', checked.where);
}
