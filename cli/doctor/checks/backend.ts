import type { Facts } from '../facts.ts';
import { ok, unknown, type Finding } from '../finding.ts';

/** Whether there is a backend that can be asked for what arrived. */
export function checkBackend({ arrivals }: Facts): Finding[] {
  const expected = 'a backend that tells what arrived';
  const verdict =
    arrivals.kind === 'seen'
      ? ok(arrivals.value.address, expected)
      : unknown(arrivals.why, expected, 'kube-latency doctor --backend URL');
  return [{ component: 'backend', node: null, check: 'reachable', ...verdict }];
}
