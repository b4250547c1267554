import { statSync } from 'node:fs';

/** When a file was last changed, else now: its stamps are no later. */
export function writtenUnixMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
