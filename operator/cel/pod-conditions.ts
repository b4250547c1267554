import { mostAnnotationBytes, type LeaveReason } from '../injection/decision.ts';
import { portsOf, type InjectingProber } from '../injection/prober.ts';
import { doneAnnotation, proberAnnotation, proberKey, sidecarNames } from '../network-prober.ts';
import { celText, celTexts } from './literal.ts';
import { allContainers, lastingContainers, podAnnotations, volumes } from './pod.ts';

/** As webhooks and policies have them: where it is false, nothing is done. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

type Conditions = Partial<Record<LeaveReason, string>>;

/** For each reason to leave a pod that is the pod's own, what must be true for it not to apply. */
const ofPods: Conditions = {
  'mirror-pod': `!("kubernetes.io/config.mirror" in ${podAnnotations})`,
  'opted-out': `${podAnnotations}[?${celText(doneAnnotation)}].orValue("") != "true"`,
  'not-linux':
    'object.spec.?os.?name.orValue("") != "windows" && object.spec.?nodeSelector[?"kubernetes.io/os"].orValue("") != "windows"',
  'host-network': '!object.spec.?hostNetwork.orValue(false)',
};

function ofProbers(prober: InjectingProber): Conditions {
  const { container, volume, pingPort, metricsPort } = sidecarNames;
  const port = [
    `p.?name.orValue("") in ${celTexts([pingPort, metricsPort])}`,
    ...Object.entries(portsOf(prober)).flatMap(([protocol, ports]) =>
      ports.length === 0
        ? []
        : [
            `(p.?protocol.orValue("TCP") == ${celText(protocol)} && p.containerPort in [${ports.join(', ')}])`,
          ],
    ),
  ].join(' || ');
  return {
    'name-taken': `!${allContainers}.exists(c, c.name == ${celText(container)}) && !${volumes}.exists(v, v.name == ${celText(volume)})`,
    'port-taken': `!${lastingContainers}.exists(c, c.?ports.orValue([]).exists(p, ${port}))`,
    'annotations-full': annotationsHaveRoom(prober),
  };
}

/** Conditions that spare the API server a call about pods that no NetworkProber could have. */
export function podConditions(): readonly MatchCondition[] {
  return named(ofPods);
}

/** Conditions that hold of the pods that a NetworkProber can inject into, among those that it has. */
export function proberConditions(prober: InjectingProber): readonly MatchCondition[] {
  return named({ ...ofPods, ...ofProbers(prober) });
}

function named(conditions: Conditions): readonly MatchCondition[] {
  return Object.entries(conditions).map(([reason, expression]) => ({
    name: `not-${reason}`,
    expression,
  }));
}

function annotationsHaveRoom(prober: InjectingProber): string {
  const ours = [doneAnnotation, 'true', proberAnnotation, proberKey(prober)];
  const bytes = ours.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const others = `a.filter(k, !(k in ${celTexts([doneAnnotation, proberAnnotation])}))`;
  const size = 'size(bytes(k)) + size(bytes(a[k]))';
  return `[${podAnnotations}].all(a, ${others}.map(k, ${size}).sum() + ${bytes} <= ${mostAnnotationBytes})`;
}
