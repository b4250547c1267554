import type { Comparison } from './comparison.ts';
import type { Explanation } from './explanation.ts';
import { lengthNs } from './steps.ts';

/**
 * The explanation as `explain --output json` prints it. Seconds are rounded to whole nanoseconds by the format of
 * numbers; `nanoseconds`, as decimal text, is exact: those of the steps, and those of the causes, add up to `total`.
 *
 * - `traceId`, `pod` (`namespace`, `name`, `uid`, `node`), `toldBy` (`prober` or `correlator`)
 * - `outcome`: `ready` or `not-ready`; `failure`: why not, else null
 * - `startTimeUnixNano`, `endTimeUnixNano`, `uncertaintySeconds`: the time explained, from asking for the pod to Ready
 * - `total` (`nanoseconds`, `seconds`)
 * - `verdict`: `cause`, `subject` (image, webhook, container, network; empty where the cause says it all), `node`,
 *   `nanoseconds`, `seconds`, `share`, `certainty`, `evidence`, `sentence`
 * - `causes`: `cause`, `nanoseconds`, `seconds`, `share`; the largest first
 * - `certainties`: `span`, `inferred` and `none`, each `nanoseconds`, `seconds`, `share`; see the steps
 * - `steps`: `cause` (or `several`), `component`, `what`, `subject`, `node`, `startSeconds` after the beginning,
 *   `nanoseconds`, `seconds`, `share`, `certainty` (`span`: a span measured it; `inferred`: something else in the trace
 *   says what it was; `none`: no span accounts for it), `evidence`, `spanId`, `parts` (how many stretches of the
 *   path were put together because they are short; one within a longer step counts to that)
 * - `comparison`: `kind` (`compared`, `none` or `unknown`), then `probes` and `phases` (`phase`, `seconds`,
 *   `medianSeconds`, `others`, `times`), or `problem`
 */
export function explanationJson(explanation: Explanation, comparison: Comparison): unknown {
  const { traceId, pod, toldBy, failure, fromNs, toNs, verdict } = explanation;
  const totalNs = toNs - fromNs;
  const amount = (ns: bigint) => ({ ...exact(ns), share: shareOf(ns, totalNs) });
  const { ns, sentence, evidence, ...judged } = verdict;
  return {
    traceId,
    pod,
    toldBy,
    outcome: failure === null ? 'ready' : 'not-ready',
    failure,
    startTimeUnixNano: String(fromNs),
    endTimeUnixNano: String(toNs),
    uncertaintySeconds: explanation.uncertaintySeconds,
    total: exact(totalNs),
    verdict: { ...judged, ...amount(ns), evidence, sentence },
    causes: explanation.causes.map((each) => ({ cause: each.cause, ...amount(each.ns) })),
    certainties: {
      span: amount(explanation.certainties.span),
      inferred: amount(explanation.certainties.inferred),
      none: amount(explanation.certainties.none),
    },
    steps: explanation.steps.map((step) => {
      const { fromNs: beginNs, toNs: _end, evidence: told, spanId, parts, ...rest } = step;
      const startSeconds = seconds(beginNs - fromNs);
      return { ...rest, startSeconds, ...amount(lengthNs(step)), evidence: told, spanId, parts };
    }),
    comparison: comparisonJson(comparison),
  };
}

function comparisonJson(comparison: Comparison): unknown {
  if (comparison.kind !== 'compared') return comparison;
  const phases = comparison.phases.map(({ phase, ns, medianNs, others, times }) => ({
    phase,
    seconds: seconds(ns),
    medianSeconds: seconds(medianNs),
    others,
    times,
  }));
  return { ...comparison, phases };
}

function seconds(ns: bigint): number {
  return Number(ns) / 1e9;
}

function exact(ns: bigint): { nanoseconds: string; seconds: number } {
  return { nanoseconds: String(ns), seconds: seconds(ns) };
}

/** Between 0 and 1; of nothing nothing. */
export function shareOf(ns: bigint, totalNs: bigint): number {
  return totalNs === 0n ? 0 : Number(ns) / Number(totalNs);
}
