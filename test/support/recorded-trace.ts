import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import type { Trace } from '../../cli/trace/model.ts';

/**
 * A trace of `traces/` as the backend gave it, of a real cluster: `probed-pod`, and `failed-image-pull`, whose image
 * does not exist; the others of pods that one thing made slow, named after it, or nothing, `fast`, up to two seconds
 * after their start. Rejects where there is none of this name.
 */
export async function recordedTrace(name: string): Promise<Trace> {
  const file = await readFile(new URL(`traces/${name}.json.br`, import.meta.url));
  return JSON.parse(brotliDecompressSync(file).toString('utf8')) as Trace;
}
