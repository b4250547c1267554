import { createHash } from 'node:crypto';
import { newSpanId, newTraceId, type JsonSpan } from './json-sender.ts';

/** The three spans that a kubelet and its runtime tell of a pod's start; the first one alone knows the pod. */
export function syncPod(resource: Readonly<Record<string, string>>): JsonSpan[] {
  const traceId = newTraceId();
  const [root, call] = [newSpanId(), newSpanId()];
  const { 'k8s.pod.uid': uid, ...others } = resource;
  return [
    {
      service: 'kubelet',
      name: 'syncPod',
      traceId,
      spanId: root,
      resource: others,
      attributes: uid === undefined ? {} : { 'k8s.pod.uid': uid },
    },
    {
      service: 'kubelet',
      name: 'runtime.v1.RuntimeService/RunPodSandbox',
      kind: 'client',
      traceId,
      spanId: call,
      parentSpanId: root,
    },
    {
      service: 'containerd',
      name: 'cri.sandbox.run',
      traceId,
      spanId: newSpanId(),
      parentSpanId: call,
    },
  ];
}

/** The id that the correlator gives to the copy of a span. */
export function copiedId(traceId: string, spanId: string | undefined): string {
  return createHash('sha256').update(`${traceId}:${spanId}`).digest('hex').slice(0, 16);
}
