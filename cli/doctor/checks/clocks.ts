import { isContradictory, type Offset } from '../../../receivers/pod-prober/clock-offset.ts';
import type { Facts, Seen } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { certainSkewNs } from '../offset.ts';

/** From here on the order of spans of different clocks is not to be trusted. */
const visibleNs = 100_000_000n;
/** From here on a short-lived pod's phases end before they begin. */
const ruinousNs = 1_000_000_000n;
const expected = 'within 100 ms of the API server';
const fix = 'synchronise the clock: timedatectl, chronyc tracking';

/** Whether the nodes' clocks, and this machine's, agree with the API server's, as far as can be told. */
export function checkClocks({ clocks }: Facts): Finding[] {
  const ofNodes = [...clocks.nodes].map(([node, offset]): Finding => ({
    component: 'clocks',
    node,
    check: 'node',
    ...judge(offset),
  }));
  const { loNs, hiNs } = clocks.apiServer;
  const own: Offset = {
    loNs: hiNs === null ? null : -hiNs,
    hiNs: loNs === null ? null : -loNs,
  };
  return [
    {
      component: 'clocks',
      node: null,
      check: 'this machine',
      ...judge({ kind: 'seen', value: own }),
    },
    ...ofNodes,
  ];
}

function judge(offset: Seen<Offset>): Verdict {
  if (offset.kind === 'hidden') return unknown(`cannot be seen: ${offset.why}`, expected);
  const { value } = offset;
  if (isContradictory(value)) {
    return warning('it was changed while this was measured', expected, fix);
  }
  if (value.loNs === null && value.hiNs === null) {
    return unknown('cannot be seen: no answer tells the time', expected);
  }
  const found = boundsText(value);
  const skewNs = certainSkewNs(value);
  if (skewNs > ruinousNs) return problem(found, expected, fix);
  if (skewNs > visibleNs) return warning(found, expected, fix);
  if (value.loNs === null || value.hiNs === null) return unknown(found, expected);
  return ok(found, expected);
}

/** `from 0.12 s behind to 0.31 s ahead` */
function boundsText({ loNs, hiNs }: Offset): string {
  if (loNs === null || hiNs === null) {
    return loNs === null ? `at most ${side(hiNs ?? 0n)}` : `at least ${side(loNs)}`;
  }
  return `from ${side(loNs)} to ${side(hiNs)}`;
}

function side(ns: bigint): string {
  const seconds = (Math.abs(Number(ns)) / 1e9).toFixed(2);
  return `${seconds} s ${ns < 0n ? 'behind' : 'ahead'}`;
}
