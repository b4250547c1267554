import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { messageOf, toError } from '../../../receivers/shared/errors.ts';
import { readBody } from '../../read-body.ts';
import type { ReportSource } from './report-source.ts';
import { understandText } from './understand.ts';

const timeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/** An aggregator that can be reached from here; `/matrix` of it, unless the address has a path. */
export function httpSource(address: URL): ReportSource {
  const url = address.pathname === '/' ? new URL('/matrix', address) : address;
  const asked = `reading the matrix from ${url.href}`;
  return {
    read: async (signal) => {
      const deadline = startDeadline(timeoutMs, signal);
      try {
        const response = await fetch(url, { signal: deadline.signal });
        if (!response.ok) {
          await response.body?.cancel();
          const problem = `${asked}: expected HTTP status 200, got ${response.status}`;
          return { kind: 'failed', problem };
        }
        return understandText(await readBody(response, maxAnswerBytes), asked);
      } catch (caught) {
        signal.throwIfAborted();
        const error = toError(caught);
        const why = deadline.expired()
          ? `no answer within ${timeoutMs / 1000} s`
          : messageOf(error.cause ?? error);
        return { kind: 'failed', problem: `${asked}: ${why}` };
      } finally {
        deadline.clear();
      }
    },
    close: () => undefined,
  };
}
