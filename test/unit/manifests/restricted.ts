import { allContainers, type Container, type Volume, type Workload } from './objects.ts';

const harmlessVolumes = ['configMap', 'secret', 'emptyDir', 'projected', 'persistentVolumeClaim'];

/** What the restricted Pod Security level refuses in a workload's pods, a line each. */
export function violations(workload: Workload): string[] {
  const { pod } = workload;
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => pod[key] === true);
  const ofPod =
    pod.securityContext.seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile'];
  return [
    ...host,
    ...ofPod,
    ...(pod.volumes ?? []).flatMap(ofVolume),
    ...allContainers(workload).flatMap((each) =>
      ofContainer(each, workload).map((what) => `${each.name}: ${what}`),
    ),
  ].toSorted();
}

function ofVolume({ name, ...source }: Volume): string[] {
  return Object.keys(source)
    .filter((kind) => !harmlessVolumes.includes(kind))
    .map((kind) => `${kind} ${name}`);
}

function ofContainer(container: Container, { pod }: Workload): string[] {
  const { securityContext: own, ports = [] } = container;
  const user = own.runAsUser ?? pod.securityContext.runAsUser;
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  return [
    ...(own.privileged === true ? ['privileged'] : []),
    ...(own.allowPrivilegeEscalation === false ? [] : ['allowPrivilegeEscalation']),
    ...(own.capabilities?.drop?.includes('ALL') === true ? [] : ['capabilities not dropped']),
    ...(own.capabilities?.add ?? []).map((capability) => `capability ${capability}`),
    ...((own.runAsNonRoot ?? pod.securityContext.runAsNonRoot) === true ? [] : ['runAsNonRoot']),
    ...(user !== undefined && user > 0 ? [] : ['runAsUser']),
    ...ports.filter(({ hostPort }) => hostPort).map(({ hostPort }) => `hostPort ${hostPort}`),
    ...(probes.some((probe) => (probe?.httpGet ?? probe?.tcpSocket)?.host !== undefined)
      ? ['host of probes']
      : []),
  ];
}
