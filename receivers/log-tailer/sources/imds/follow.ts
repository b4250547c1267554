import { sleep } from '../../../shared/deadline.ts';
import type { NodeFacts } from '../../core/node-facts.ts';
import type { Occurrence } from '../../core/occurrence.ts';
import type { Source, SourceOptions } from '../../core/source.ts';
import { askImds, type ImdsAnswer } from './ask.ts';
import { imdsSource as source } from './events.ts';

export interface FollowImdsOptions extends SourceOptions {
  readonly endpoint: URL;
  readonly timeoutMs: number;
  /** Pause after a failure. */
  readonly retryMs: number;
}

export interface ImdsFollowed extends Source {
  /** What it told; resolves with undefined when the signal ends before. */
  readonly told: Promise<Extract<ImdsAnswer, { kind: 'told' }> | undefined>;
}

/** Asks the metadata service until it tells. */
export function followImds(options: FollowImdsOptions): ImdsFollowed {
  const { signal, onChange, retryMs } = options;
  let answer: ImdsAnswer | undefined;

  async function ask(): Promise<Extract<ImdsAnswer, { kind: 'told' }> | undefined> {
    while (!signal.aborted) {
      const now = await askImds(options);
      if (signal.aborted) return undefined;
      answer = now;
      onChange();
      if (now.kind === 'told') return now;
      await sleep(retryMs, signal);
    }
    return undefined;
  }

  const told = ask();
  return {
    told,
    ended: told.then(() => undefined),
    evidence: () => ({
      occurrences: answer?.kind === 'told' ? occurrencesOf(answer) : [],
      activities: [],
      reports: [
        answer?.kind === 'failed'
          ? { source, problem: answer.problem }
          : answer === undefined
            ? { source, problem: 'it has not answered yet', pending: true }
            : { source },
      ],
      facts: answer?.kind === 'told' ? factsOf(answer) : {},
    }),
  };
}

type Told = Extract<ImdsAnswer, { kind: 'told' }>;

function occurrencesOf({ identity: { pendingNs } }: Told): readonly Occurrence[] {
  if (pendingNs === null) return [];
  return [{ event: 'instance_pending', source, atUnixNs: pendingNs, precisionNs: 1e9 }];
}

function factsOf({ identity, hostname }: Told): NodeFacts {
  return hostname === undefined ? identity.facts : { ...identity.facts, name: hostname };
}
