import { observedSpanNames, phases } from '../../receivers/correlator/core/phase.ts';
import { phaseSpans } from '../../receivers/pod-prober/phases.ts';
import { mainSpan } from '../../receivers/pod-prober/spans.ts';

/** Rows of span, program and what it tells. */
export function spanRows(): string[][] {
  const probed = Object.entries(phaseSpans).map(([phase, span]) => [
    `\`${span}\``,
    'pod-prober',
    `phase \`${phase}\` of a probed pod`,
  ]);
  const observed = new Map<string, string[]>();
  for (const phase of phases) {
    const span = observedSpanNames[phase];
    observed.set(span, [...(observed.get(span) ?? []), `\`${phase}\``]);
  }
  return [
    [`\`${mainSpan}\``, 'pod-prober', 'a whole probe; root of its trace'],
    ...probed,
    ...[...observed].map(([span, told]) => [
      `\`${span}\``,
      'correlator',
      `of an observed pod; work of ${told.join(', ')} that has no parent hangs below it`,
    ]),
    [
      'all others of a pod’s trace',
      'correlator',
      'copies, marked `kube_latency.stitched`, of spans of API server, etcd, kubelet and container runtime',
    ],
    ['`rtt.probe`', 'rtt-pinger', 'a round trip that is an outlier'],
  ];
}
