import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import type { Trace } from '../../cli/trace/model.ts';

/** A trace as it was recorded: `probed-pod`, and `failed-image-pull`, whose image does not exist. */
export async function recordedTrace(name: 'probed-pod' | 'failed-image-pull'): Promise<Trace> {
  const file = await readFile(new URL(`traces/${name}.json.br`, import.meta.url));
  return JSON.parse(brotliDecompressSync(file).toString('utf8')) as Trace;
}
