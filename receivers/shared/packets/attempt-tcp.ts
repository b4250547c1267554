import { Socket } from 'node:net';

import type { PacketAttempt } from './attempt.ts';

/**
 * Opens a TCP connection. A refusal is an answer too: the reset comes from the pod's network stack,
 * so packets reach the pod and come back, whether or not something listens on the port.
 */
export const attemptTcp: PacketAttempt = (target, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'silent', why: 'stopped' });
    const socket = new Socket();
    const finish = (answer: Parameters<typeof resolve>[0]): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(answer);
    };
    const stop = (): void => finish({ kind: 'silent', why: 'no answer' });
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => finish({ kind: 'answered', answer: 'accepted' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const refused = error.code === 'ECONNREFUSED';
      finish(
        refused
          ? { kind: 'answered', answer: 'refused' }
          : { kind: 'silent', why: error.code ?? error.message },
      );
    });
    socket.connect({ host: target.address, port: target.port });
  });
