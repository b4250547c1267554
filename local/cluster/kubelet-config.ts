import { network, type NodePlan } from '../plan.ts';
import { agentEndpoint } from './component.ts';

export interface KubeletPaths {
  readonly socket: string;
  readonly clientCa: string;
  readonly cert: string;
  readonly key: string;
  readonly resolvConf: string;
}

export function kubeletConfiguration(node: NodePlan, paths: KubeletPaths): unknown {
  const taints =
    node.role === 'control-plane'
      ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]
      : [];
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: node.address,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: paths.clientCa },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: paths.cert,
    tlsPrivateKeyFile: paths.key,
    registerWithTaints: taints,
    containerRuntimeEndpoint: `unix://${paths.socket}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [network.dnsService],
    resolvConf: paths.resolvConf,
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    ...cgroupSettings(node.cgroup),
    ...throwAwaySettings,
    // A test that kills a container sees it again at once.
    crashLoopBackOff: { maxContainerRestartPeriod: '1s' },
    tracing: { endpoint: agentEndpoint, samplingRatePerMillion: 1_000_000 },
  };
}

/** Several kubelets on one host, which need not have systemd or the second version of cgroups. */
function cgroupSettings(cgroupRoot: string): object {
  return {
    cgroupDriver: 'cgroupfs',
    cgroupRoot,
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
  };
}

/** A small cluster on somebody's machine: it neither fills up nor minds a full disk. */
const throwAwaySettings = {
  failSwapOn: false,
  makeIPTablesUtilChains: false,
  localStorageCapacityIsolation: false,
  imageGCHighThresholdPercent: 100,
  evictionHard: {
    'memory.available': '0%',
    'nodefs.available': '0%',
    'nodefs.inodesFree': '0%',
    'imagefs.available': '0%',
  },
};
