import { execFile } from 'node:child_process';

import type { PacketAttempt } from './attempt.ts';

/** One echo request by the system's `ping`. Starting the program costs some milliseconds, which the answer's time contains. */
export const attemptByProgram: PacketAttempt = (target, signal) =>
  new Promise((resolve) => {
    const args = ['-n', '-c', '1', '-W', '1', target.address];
    execFile('ping', args, { signal, timeout: 2000 }, (error) => {
      if (error === null) return resolve({ kind: 'answered', answer: 'echo reply' });
      if (error.code === 'ENOENT') {
        const why =
          'net.ipv4.ping_group_range allows no ICMP socket and the program ping is not installed; use --first-packet tcp, http or none';
        return resolve({ kind: 'impossible', why });
      }
      resolve({ kind: 'silent', why: 'no echo reply' });
    });
  });
