import { gatewayName, type CollectorFacts, type Facts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';

const nearlyFull = 0.8;
/** The branch to the correlators may lose copies; the road may lose nothing. */
const branch = 'otlp_grpc/correlator';

/** Whether the parts of kube-latency run, of one version, and lose nothing. */
export function checkCollectors({ collectors }: Facts): Finding[] {
  const expected = 'agents on every node, a gateway, correlators';
  const finding = (check: string, verdict: Verdict, node: string | null = null): Finding => ({
    component: 'collectors',
    node,
    check,
    ...verdict,
  });
  if (collectors.kind === 'hidden') {
    return [finding('health', unknown(`cannot be seen: ${collectors.why}`, expected))];
  }
  if (collectors.value.length === 0) {
    const none = unknown('none of kube-latency is deployed here', expected);
    return [finding('health', none)];
  }
  return [
    ...collectors.value.map((part) => finding(part.name, judge(part), part.node)),
    ...judgeGateway(collectors.value).map((verdict) => finding(gatewayName, verdict)),
    ...judgeVersions(collectors.value).map((verdict) => finding('versions', verdict)),
  ];
}

function judge({ name, healthy, state, advice, version, counters }: CollectorFacts): Verdict {
  const expected = 'healthy, and loses nothing';
  const told = version === null ? state : `${state}, version ${version}`;
  if (!healthy) return problem(told, expected, advice);
  if (counters.kind === 'hidden')
    return ok(
      name === gatewayName ? `${told}; it cannot be asked: ${counters.why}` : told,
      expected,
    );
  const { refusedSpans, failedSpans, queueShare } = counters.value;
  const failed = [...failedSpans].filter(([exporter]) => exporter !== branch);
  const losses = [
    ...(refusedSpans > 0 ? [`${refusedSpans} spans refused`] : []),
    ...failed
      .filter(([, count]) => count > 0)
      .map(([exporter, count]) => `${count} spans not delivered by ${exporter}`),
    ...(queueShare > nearlyFull ? [`a queue is ${Math.round(queueShare * 100)} % full`] : []),
  ];
  if (losses.length === 0) return ok(told, expected);
  return warning(
    `${told}; since it began ${losses.join(', ')}`,
    expected,
    `${advice}; does what it sends to answer?`,
  );
}

/** Agents without a gateway fill their disks. One that is not of these manifests cannot be seen. */
function judgeGateway(parts: readonly CollectorFacts[]): Verdict[] {
  if (parts.some(({ name }) => name === gatewayName)) return [];
  return [
    warning(
      'no gateway of kube-latency is deployed here',
      'one that the agents send to',
      'kubectl apply -k manifests/overlays/..., or see that GATEWAY_ENDPOINT of the agents names one elsewhere',
    ),
  ];
}

/** Two versions of the same part, as in a roll-out that was left halfway. */
function judgeVersions(parts: readonly CollectorFacts[]): Verdict[] {
  const versions = Map.groupBy(
    parts.filter(({ version }) => version !== null),
    ({ name }) => name,
  );
  return [...versions].flatMap(([name, same]) => {
    const distinct = [...new Set(same.map(({ version }) => version))];
    return distinct.length < 2
      ? []
      : [
          warning(
            `${name}: ${distinct.join(' and ')}`,
            'one version everywhere',
            'finish the roll-out',
          ),
        ];
  });
}
