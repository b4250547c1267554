import { readFile } from 'node:fs/promises';
import { messageOf } from '../../../receivers/shared/errors.ts';
import type { ReadBootSource } from './boot-source.ts';
import { understandText } from './understand.ts';

/** A boot that was saved, for example by `kube-latency boot --output json`. */
export function fileSource(path: string): ReadBootSource {
  return async (signal) => {
    const asked = `reading a boot from ${path}`;
    try {
      return understandText(await readFile(path, { encoding: 'utf8', signal }), asked);
    } catch (caught) {
      signal.throwIfAborted();
      return { kind: 'failed', problem: `${asked}: ${messageOf(caught)}` };
    }
  };
}
