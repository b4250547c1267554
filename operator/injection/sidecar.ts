import { configName, fileCount } from '../controller/core/config-files.ts';
import { sidecarNames } from '../network-prober.ts';
import type { InjectingProber } from './prober.ts';
import type { SidecarResources } from './resources.ts';

/** A native sidecar is an init container that runs on: it ends when the pod's own work does. */
export type SidecarForm = 'native' | 'container';

export interface SidecarSettings {
  readonly form: SidecarForm;
  /** Undefined where something else gives every pod its user; else a number, which shows Kubernetes that it is not root. */
  readonly runAsUser: number | undefined;
  readonly resources: SidecarResources;
}

/**
 * The container. It is no reason for its pod to wait: no probes, no volume that must be there, no registry where the node has the image. It
 * passes the restricted Pod Security level.
 */
export function sidecarContainer(
  prober: InjectingProber,
  { form, runAsUser }: Pick<SidecarSettings, 'form' | 'runAsUser'>,
  resources: SidecarResources | undefined,
) {
  const [first, ...others] = listsOf(prober).map(({ file }) => `${sidecarNames.mountPath}/${file}`);
  const { agentImage, httpPort, httpPrometheusPort, protocols } = prober.spec;
  return {
    name: sidecarNames.container,
    image: agentImage,
    imagePullPolicy: 'IfNotPresent',
    ...(form === 'native' ? { restartPolicy: 'Always' } : {}),
    env: [
      { name: 'HTTP_PORT', value: String(httpPort) },
      { name: 'HTTP_PROMETHEUS_PORT', value: String(httpPrometheusPort) },
      { name: 'NET_PROBER_CONFIG_FILE', value: first },
      ...(others.length === 0
        ? []
        : [{ name: 'KUBE_LATENCY_PEERS_FILES', value: others.join(',') }]),
      ...(protocols === undefined
        ? []
        : [{ name: 'KUBE_LATENCY_PROTOCOLS', value: protocols.join(',') }]),
      fromField('K8S_NODE_NAME', 'spec.nodeName'),
      fromField('K8S_NAMESPACE_NAME', 'metadata.namespace'),
      fromField('K8S_POD_NAME', 'metadata.name'),
    ],
    ports: [
      { name: sidecarNames.pingPort, containerPort: httpPort, protocol: 'TCP' },
      { name: sidecarNames.metricsPort, containerPort: httpPrometheusPort, protocol: 'TCP' },
    ],
    ...(resources === undefined ? {} : { resources }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      ...(runAsUser === undefined ? {} : { runAsUser }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [
      { name: sidecarNames.volume, mountPath: sidecarNames.mountPath, readOnly: true },
    ],
  };
}

/** The NetworkProber's peers, as far as they are there. */
export function sidecarVolume(prober: InjectingProber) {
  const [first, ...others] = listsOf(prober).map(({ name }) => ({ name, optional: true }));
  const defaultMode = 0o644;
  if (others.length === 0)
    return { name: sidecarNames.volume, configMap: { ...first, defaultMode } };
  const sources = [first, ...others].map((configMap) => ({ configMap }));
  return { name: sidecarNames.volume, projected: { defaultMode, sources } };
}

/** A long list of peers is in several ConfigMaps. */
function listsOf({ name, spec }: InjectingProber) {
  return Array.from({ length: fileCount(spec) }, (_, index) => configName(name, index + 1));
}

function fromField(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
