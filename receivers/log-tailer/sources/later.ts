import type { Evidence } from '../core/evidence.ts';
import type { SourceReport } from '../core/source-report.ts';
import type { Source } from '../core/source.ts';

/** A source that can only begin once something is known; undefined: it never will be. */
export function later<Known>(
  name: string,
  known: Promise<Known | undefined>,
  start: (known: Known) => Source,
): Source {
  let begun: Source | undefined;
  let report: SourceReport = {
    source: name,
    problem: 'the name of the node is not known yet',
    pending: true,
  };
  const ended = known.then((value) => {
    if (value === undefined) {
      report = {
        source: name,
        problem: 'the name of the node is not known: expected --node-name or NODE_NAME',
      };
      return undefined;
    }
    begun = start(value);
    return begun.ended;
  });
  const nothing = (): Evidence => ({
    occurrences: [],
    activities: [],
    reports: [report],
    facts: {},
  });
  return { ended, evidence: () => begun?.evidence() ?? nothing() };
}
