import { judgeEndpoint } from '../endpoint.ts';
import type { Facts, KubeletFacts, NodeFacts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { ifOff, kubeletFix } from '../fixes.ts';
import { atLeast, parseVersion } from '../version.ts';
import { anyRecent, arrivalOf, judgeArrival } from './arrivals.ts';

type Check = readonly [check: string, verdict: Verdict];

const expectedTracing = 'on, by tracing in its KubeletConfiguration';

/** Whether each kubelet traces, and every pod's start. */
export function checkKubelets(facts: Facts): Finding[] {
  if (facts.nodes.kind === 'hidden') {
    const verdict = unknown(`nodes cannot be seen: ${facts.nodes.why}`, expectedTracing);
    const spans = judgeArrival(arrivalOf(facts, 'kubelet', null), { quiet: true, fix: null });
    return [
      { component: 'kubelet', node: null, check: 'tracing', ...verdict },
      { component: 'kubelet', node: null, check: 'spans', ...spans },
    ];
  }
  return facts.nodes.value.flatMap((node) =>
    checkKubelet(node, facts).map(([check, verdict]): Finding => ({
      component: 'kubelet',
      node: node.name,
      check,
      ...verdict,
    })),
  );
}

function checkKubelet(node: NodeFacts, facts: Facts): Check[] {
  const fix = kubeletFix(facts.install);
  const spans: Check = [
    'spans',
    judgeArrival(arrivalOf(facts, 'kubelet', node.name), { quiet: !anyRecent(facts), fix: null }),
  ];
  const { kubelet } = node;
  if (kubelet.kind === 'hidden') {
    const [, { level }] = spans;
    const tracing =
      level === 'ok'
        ? ok('on: its spans arrive', expectedTracing)
        : unknown(`cannot be seen: ${kubelet.why}`, expectedTracing, ifOff(fix));
    const seenAsNone = level === 'problem' ? unknownSpans(spans[1]) : spans[1];
    return [
      ['version', judgeVersion(node.kubeletVersion, undefined)],
      ['tracing', tracing],
      ['spans', seenAsNone],
    ];
  }
  const version: Check = ['version', judgeVersion(node.kubeletVersion, kubelet.value)];
  const { tracing } = kubelet.value;
  if (tracing === null) {
    const off = facts.install === 'managed' ? warning : problem;
    return [
      version,
      ['tracing', off('off: no tracing in its configuration', expectedTracing, fix)],
    ];
  }
  return [
    version,
    ['tracing', ok('on', expectedTracing)],
    ['endpoint', judgeEndpoint(tracing.endpoint, fix)],
    ['sampling', judgeSampling(tracing.samplingRatePerMillion ?? 0, fix)],
    spans,
  ];
}

/** Without a look at its configuration it may as well be off on purpose. */
function unknownSpans({ found, expected }: Verdict): Verdict {
  return unknown(found, expected);
}

function judgeSampling(rate: number, fix: string): Verdict {
  const expected = "1000000 per million: nothing samples a pod's start but the kubelet itself";
  if (rate === 1_000_000) return ok(`${rate} per million`, expected);
  return rate === 0
    ? problem("0 per million: no pod's start is traced", expected, fix)
    : warning(`${rate} per million: most pods' starts are not traced`, expected, fix);
}

function judgeVersion(told: string, kubelet: KubeletFacts | undefined): Verdict {
  const expected = 'Kubernetes 1.34 or later';
  const version = parseVersion(told);
  if (version === undefined) return unknown(`a version that is not understood: ${told}`, expected);
  const gate = kubelet?.featureGates['KubeletTracing'];
  if (!atLeast(version, 1, 25)) return problem(`${told}: cannot trace`, expected, 'upgrade');
  if (!atLeast(version, 1, 27) && gate !== true) {
    const found = `${told}: traces only with featureGates KubeletTracing: true`;
    return warning(found, expected, 'set the gate, or upgrade');
  }
  if (gate === false && !atLeast(version, 1, 34)) {
    const found = `${told}: featureGates KubeletTracing: false turns it off`;
    return problem(found, expected, 'remove the gate');
  }
  if (gate !== undefined && atLeast(version, 1, 34)) {
    const found = `${told}: featureGates has KubeletTracing, which 1.37 refuses to start with`;
    return warning(found, expected, 'remove the gate');
  }
  if (!atLeast(version, 1, 34)) return warning(`${told}: not tested`, expected, 'upgrade');
  return ok(told, expected);
}
