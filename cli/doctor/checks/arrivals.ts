import { senderKey, hidden, type Arrivals, type Facts, type Seen } from '../facts.ts';
import { ok, problem, unknown, type Verdict } from '../finding.ts';

/** Seconds since the newest span of a sender, null where none came; hidden where nobody can be asked. */
export interface Arrival {
  readonly age: Seen<number | null>;
  readonly arrivals: Seen<Arrivals>;
}

export function arrivalOf({ arrivals }: Facts, service: string, node: string | null): Arrival {
  const age =
    arrivals.kind === 'hidden'
      ? arrivals
      : (arrivals.value.ages.get(senderKey({ service, node })) ??
        hidden('the backend was not asked for it'));
  return { age, arrivals };
}

/** With spans younger than this, what sends all the time may be expected to have sent. */
const recentSeconds = 120;

/** Whether spans of anybody come just now: where none do, that those of one are missing tells nothing. */
export function anyRecent({ arrivals }: Facts): boolean {
  if (arrivals.kind === 'hidden') return false;
  return [...arrivals.value.ages.values()].some(
    (age) => age.kind === 'seen' && age.value !== null && age.value <= recentSeconds,
  );
}

/** Judges whether spans arrive; a quiet component sends some only when a probe runs. */
export function judgeArrival(
  { age, arrivals }: Arrival,
  { quiet, fix }: { readonly quiet: boolean; readonly fix: string | null },
): Verdict {
  const expected = 'spans arrive at the backend';
  if (age.kind === 'hidden' || arrivals.kind === 'hidden') {
    const why = age.kind === 'hidden' ? age.why : 'no backend';
    return unknown(`cannot be seen: ${why}`, expected);
  }
  if (age.value !== null) return ok(`they arrive, the newest ${ageText(age.value)} old`, expected);
  const none = `none within ${Math.round(arrivals.value.withinSeconds / 60)} min`;
  return quiet
    ? unknown(`${none}; it may only send some while a probe runs`, expected, 'kube-latency probe')
    : problem(
        none,
        expected,
        fix ??
          "let a collector listen on 127.0.0.1:4317 of its node, and see its log and the component's",
      );
}

function ageText(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
