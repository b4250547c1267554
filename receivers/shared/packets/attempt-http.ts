import type { PacketAttempt } from './attempt.ts';
import { exchangeHttp } from './http-exchange.ts';

/** Sends an HTTP request for `/`; the status line is the answer, whatever the status. */
export const attemptHttp: PacketAttempt = async (target, signal) => {
  const outcome = await exchangeHttp({ ...target, path: '/', keep: false }, signal);
  if (outcome.kind === 'answered') return { kind: 'answered', answer: `HTTP ${outcome.status}` };
  return { kind: 'silent', why: signal.aborted ? 'no answer' : (outcome.errno ?? 'no answer') };
};
