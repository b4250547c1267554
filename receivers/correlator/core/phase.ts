/** Where in a pod's life a parentless span belongs. */
export const phases = [
  'root',
  'create',
  'schedule',
  'start',
  'ready',
  'update',
  'cleanup',
] as const;
export type Phase = (typeof phases)[number];

/** The span that stands for a phase, in a trace that the prober makes. */
export const probedSpanNames: Readonly<Record<Phase, string>> = {
  root: 'prober.main',
  create: 'prober.create-pod',
  schedule: 'pod.schedule',
  start: 'pod.start',
  ready: 'pod.ready',
  update: 'prober.update-pod',
  cleanup: 'prober.cleanup',
};

/** The span that stands for a phase, in a trace that this program makes of a watched pod. */
export const observedSpanNames: Readonly<Record<Phase, string>> = {
  root: 'pod.start-up',
  create: 'pod.start-up',
  schedule: 'pod.schedule',
  start: 'pod.start',
  ready: 'pod.ready',
  update: 'pod.start-up',
  cleanup: 'pod.terminate',
};

/** The phase of a request to the API server about one pod. */
export function phaseOfRequest(method: string, subresource: string): Phase {
  switch (`${method} ${subresource}`) {
    case 'POST binding':
      return 'schedule';
    case 'PATCH status':
    case 'PUT status':
      return 'ready';
    case 'DELETE ':
    case 'POST eviction':
      return 'cleanup';
    case 'PATCH ':
    case 'PUT ':
    case 'PATCH resize':
    case 'PUT resize':
      return 'update';
    case 'GET ':
    case 'GET status':
      return 'start';
    default:
      return 'root';
  }
}

const ending = /^(Stop|Remove|Kill)/;

/** The phase of a CRI call that no syncPod stands above. */
export function phaseOfRuntimeCall(call: string): Phase {
  return ending.test(call) ? 'cleanup' : 'start';
}
