import { explain, type Explanation } from '../../../../cli/explain/explanation.ts';
import type { Trace } from '../../../../cli/trace/model.ts';

/** The explanation of a trace; throws where there is none. */
export function explained(trace: Trace): Explanation {
  const result = explain(trace);
  if (result.kind === 'impossible') throw new Error(result.problem);
  return result.explanation;
}
