import { gatewayName, type CollectorCounters, type CollectorFacts, type Facts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { atLeast, parseVersion } from '../version.ts';

const nearlyFull = 0.8;
/** The branch to the correlators may lose copies; the road may lose nothing. */
const branch = 'otlp_grpc/correlator';
/** Since when the collector knows the components by the names that collector-config uses. */
const oldest = { major: 0, minor: 154 };

/** Whether the parts of kube-latency run, of one version, and lose nothing. */
export function checkCollectors({ collectors, images }: Facts): Finding[] {
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
    ...judgeVersions(images).map((verdict) => finding('versions', verdict)),
  ];
}

function judge({ healthy, state, advice, version, counters }: CollectorFacts): Verdict {
  const expected = counters === null ? 'healthy' : 'healthy, and loses nothing';
  const told = version === null ? state : `${state}, version ${version}`;
  if (!healthy) return problem(told, expected, advice);
  const known = version === null ? undefined : parseVersion(version);
  if (known !== undefined && !atLeast(known, oldest.major, oldest.minor)) {
    const least = `${oldest.major}.${oldest.minor}`;
    return problem(told, `a collector of version ${least} or later`, 'take a newer image');
  }
  if (counters === null) return ok(told, expected);
  if (counters.kind === 'hidden') {
    return unknown(`${told}; what it loses cannot be seen: ${counters.why}`, expected);
  }
  const losses = lossesOf(counters.value);
  if (losses.length === 0) return ok(told, expected);
  return warning(
    `${told}; since it began ${losses.join(', ')}`,
    expected,
    `${advice}; does what it sends to answer?`,
  );
}

function lossesOf({ refusedSpans, failedSpans, queueShare }: CollectorCounters): string[] {
  const failed = [...failedSpans].filter(([exporter, count]) => exporter !== branch && count > 0);
  return [
    ...(refusedSpans > 0 ? [`${refusedSpans} spans refused`] : []),
    ...failed.map(([exporter, count]) => `${count} spans not delivered by ${exporter}`),
    ...(queueShare > nearlyFull ? [`a queue is ${Math.round(queueShare * 100)} % full`] : []),
  ];
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

/** Two versions of one image, as in a roll-out that was left halfway. */
function judgeVersions(images: Facts['images']): Verdict[] {
  if (images.kind === 'hidden') {
    return [unknown(`cannot be seen: ${images.why}`, 'one version everywhere')];
  }
  return [...images.value]
    .filter(([, tags]) => tags.size > 1)
    .map(([repository, tags]) =>
      warning(
        `${repository}: ${[...tags].toSorted().join(' and ')}`,
        'one version everywhere',
        'finish the roll-out',
      ),
    );
}
