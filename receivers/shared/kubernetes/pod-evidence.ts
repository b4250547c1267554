/**
 * What a pod's specification and status tell of why its start takes long, as attributes and events of a span: whoever
 * makes spans of a pod's phases adds these, so that a trace alone says what a phase waited for.
 */

/** The parts of a Pod that are read; every one may be missing. */
export interface PodEvidenceSource {
  readonly spec?: {
    readonly initContainers?: readonly ContainerSpec[];
    readonly containers?: readonly ContainerSpec[];
    readonly readinessGates?: readonly { readonly conditionType?: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type?: string;
      readonly status?: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name?: string;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

interface Probe {
  readonly exec?: object;
  readonly httpGet?: object;
  readonly tcpSocket?: object;
  readonly grpc?: object;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
}

interface ContainerStatus {
  readonly name?: string;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: {
      readonly exitCode?: number;
      readonly reason?: string;
      readonly message?: string;
    };
  };
}

/** Something that a pod's status says, as an event of a span without its time. */
export interface StatusSight {
  /** The same for the same thing said again. */
  readonly key: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Most sights that are worth keeping of one pod: one in a crash loop makes them without end. */
export const maxSights = 64;

const maxMessage = 500;

/** The beginning of a message. A slice would keep the whole of it in memory, kilobytes where a container's last words are long. */
function beginningOf(message: string): string {
  if (message.length <= maxMessage) return message;
  return Buffer.from(message.slice(0, maxMessage)).toString();
}

/** Attributes that say what the pod's specification lets its start wait for; those that apply. */
export function waitAttributes({ spec }: PodEvidenceSource): Record<string, string> {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const probes = (of: 'readinessProbe' | 'startupProbe'): string[] =>
    containers.flatMap((each) => {
      const probe = each[of];
      return probe === undefined ? [] : [`${each.name ?? ''}: ${probeWords(probe)}`];
    });
  const lists = {
    'kube_latency.pod.init_containers': (spec?.initContainers ?? []).map(({ name }) => name ?? ''),
    'kube_latency.pod.startup_probes': probes('startupProbe'),
    'kube_latency.pod.readiness_probes': probes('readinessProbe'),
    'kube_latency.pod.readiness_gates': (spec?.readinessGates ?? []).map(
      ({ conditionType }) => conditionType ?? '',
    ),
  };
  const told = Object.entries(lists).filter(([, entries]) => entries.length > 0);
  return Object.fromEntries(told.map(([key, entries]) => [key, entries.join('; ')]));
}

const probeKinds = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;

function probeWords(probe: Probe): string {
  const kind = probeKinds.find((each) => probe[each] !== undefined) ?? 'none';
  const { initialDelaySeconds = 0, periodSeconds = 10 } = probe;
  const delay = initialDelaySeconds === 0 ? '' : `, initialDelaySeconds ${initialDelaySeconds}`;
  return `${kind}${delay}, periodSeconds ${periodSeconds}`;
}

/** What the pod's status says of its containers, of its place and of its readiness. */
export function statusSights({ status }: PodEvidenceSource): StatusSight[] {
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = status ?? {};
  const condition = (type: string) => conditions.find((each) => each.type === type);
  const placed = condition('PodScheduled');
  const ready = condition('Ready');
  const running =
    containerStatuses.length > 0 && containerStatuses.every(({ state }) => state?.running);
  return [
    ...initContainerStatuses.map((each) => containerSight(each, true)),
    ...containerStatuses.map((each) => containerSight(each, false)),
    ...(placed?.status === 'False' ? [podSight('Pod unschedulable', placed)] : []),
    ...(ready?.status === 'False' && running ? [podSight('Pod not ready', ready)] : []),
  ];
}

function containerSight(status: ContainerStatus, init: boolean): StatusSight {
  const { name = '', restartCount = 0 } = status;
  const { kind, reason, message, exitCode } = stateOf(status.state);
  return {
    key: `${name}/${kind}/${reason}/${restartCount}`,
    name: `Container ${kind}`,
    attributes: {
      'k8s.container.name': name,
      'k8s.container.status.state': kind,
      ...(reason === '' ? {} : { 'k8s.container.status.reason': reason }),
      ...(restartCount === 0 ? {} : { 'k8s.container.restart_count': restartCount }),
      ...(message === '' ? {} : { 'kube_latency.status.message': message }),
      ...(exitCode === undefined ? {} : { 'kube_latency.container.exit_code': exitCode }),
      ...(init ? { 'kube_latency.container.init': true } : {}),
    },
  };
}

interface State {
  readonly kind: 'waiting' | 'running' | 'terminated';
  readonly reason: string;
  readonly message: string;
  readonly exitCode?: number;
}

function stateOf({ waiting, running, terminated }: ContainerStatus['state'] = {}): State {
  if (running !== undefined) return { kind: 'running', reason: '', message: '' };
  const { reason = '', message = '' } = terminated ?? waiting ?? {};
  const said = { reason, message: beginningOf(message) };
  return terminated === undefined
    ? { kind: 'waiting', ...said }
    : { kind: 'terminated', ...said, exitCode: terminated.exitCode ?? -1 };
}

function podSight(
  name: string,
  { reason = '', message = '' }: { readonly reason?: string; readonly message?: string },
): StatusSight {
  return {
    key: `${name}/${reason}`,
    name,
    attributes: {
      'kube_latency.status.reason': reason,
      'kube_latency.status.message': beginningOf(message),
    },
  };
}
