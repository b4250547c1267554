/** Names that users, their PodMonitors and their dashboards know: they never change. */
export const containerName = 'net-prober';
export const volumeName = 'net-prober-vol';
export const mountPath = '/etc/netprober';
export const configFile = `${mountPath}/config.json`;
export const pingPortName = 'np-ping';
export const metricsPortName = 'np-prometheus';

/** `true` on a pod: it has its sidecar, or wants none. */
export const doneAnnotation = 'netprober-container-deployed';

/** On an injected pod: `namespace/name` of the NetworkProber that its sidecar belongs to. */
export const proberAnnotation = 'probes.bigmikes.io/network-prober';

/** Namespaces with this label let their pods be injected. */
export const optInLabel = { key: 'probes.bigmikes.io/injection', value: 'enabled' } as const;

/** Its pods are what everything else needs to run: never injected, opted in or not. */
export const systemNamespace = 'kube-system';

/** Label that the API server gives every namespace. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';
