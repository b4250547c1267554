import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { explain, type Explanation } from '../../../../cli/explain/explanation.ts';
import type { Trace } from '../../../../cli/trace/model.ts';

/** A trace as the backend gave it, of a pod that one thing made slow on a real cluster; up to two seconds after its start. */
export function recordedTrace(name: string): Trace {
  const file = new URL(`traces/${name}.json.br`, import.meta.url);
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8')) as Trace;
}

/** The explanation of a trace; throws where there is none. */
export function explained(trace: Trace): Explanation {
  const result = explain(trace);
  if (result.kind === 'impossible') throw new Error(result.problem);
  return result.explanation;
}
