import { request } from 'node:http';

import type { PacketAttempt } from './attempt.ts';

/** Sends an HTTP request for `/`; the status line is the answer, whatever the status. */
export const attemptHttp: PacketAttempt = (target, signal) =>
  new Promise((resolve) => {
    const outgoing = request({
      host: target.address,
      port: target.port,
      path: '/',
      agent: false,
      signal,
      headers: { 'User-Agent': 'kube-latency', Connection: 'close' },
    });
    outgoing.once('response', (response) => {
      response.destroy();
      resolve({ kind: 'answered', answer: `HTTP ${response.statusCode ?? 0}` });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      resolve({
        kind: 'silent',
        why: signal.aborted ? 'no answer' : (error.code ?? error.message),
      });
    });
    outgoing.end();
  });
