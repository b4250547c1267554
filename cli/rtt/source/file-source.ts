import { readFile } from 'node:fs/promises';
import { messageOf } from '../../../receivers/shared/errors.ts';
import type { ReportSource } from './report-source.ts';
import { understandText } from './understand.ts';

/** A report that was saved, for example by `kube-latency rtt --json`. */
export function fileSource(path: string): ReportSource {
  return {
    read: async (signal) => {
      const asked = `reading the matrix from ${path}`;
      try {
        return understandText(await readFile(path, { encoding: 'utf8', signal }), asked);
      } catch (caught) {
        signal.throwIfAborted();
        return { kind: 'failed', problem: `${asked}: ${messageOf(caught)}` };
      }
    },
    close: () => undefined,
  };
}
