/** A component of manifests/components that the chart has as a switch. */
export interface Feature {
  /** Folder in manifests/components. */
  readonly component: string;
  /** Its switch in values.yaml, a boolean. */
  readonly value: string;
  readonly on: boolean;
  readonly about: string;
}

/** In the order in which kustomize has to be given them. */
export const features: readonly Feature[] = [
  {
    component: 'gateway-replicas',
    value: 'gatewayReplicas.enabled',
    on: false,
    about: 'Two gateways, each with a volume of its own, in the place of one.',
  },
  {
    component: 'pod-disruption-budget',
    value: 'podDisruptionBudget.enabled',
    on: false,
    about: 'For gatewayReplicas: a drain takes one of them at a time.',
  },
  {
    component: 'prober-deployment',
    value: 'proberDeployment.enabled',
    on: false,
    about: 'A prober that goes on all the time, in the place of a CronJob.',
  },
  {
    component: 'prober-certificate',
    value: 'proberCertificate.enabled',
    on: false,
    about:
      'The prober has a client certificate in group system:monitoring, from Secret prober-kubeconfig.',
  },
  {
    component: 'tls-cert-manager',
    value: 'certManager.enabled',
    on: false,
    about: 'cert-manager makes the certificates. Otherwise `kube-latency secrets` does.',
  },
  {
    component: 'network-policies',
    value: 'networkPolicies.enabled',
    on: false,
    about: 'Who may talk to whom. Needs a network plugin that enforces them.',
  },
  {
    component: 'span-metrics',
    value: 'spanMetrics.enabled',
    on: false,
    about: 'The gateway makes histograms of spans, with exemplars.',
  },
  {
    component: 'prometheus-otlp',
    value: 'prometheusOtlp.enabled',
    on: false,
    about:
      'The gateway sends metrics to the OTLP receiver of a Prometheus: environment.PROMETHEUS_URL.',
  },
  {
    component: 'prometheus-remote-write',
    value: 'prometheusRemoteWrite.enabled',
    on: false,
    about: 'The gateway sends metrics by remote write: environment.PROMETHEUS_URL.',
  },
  {
    component: 'pod-logs',
    value: 'podLogs.enabled',
    on: false,
    about: 'The agents send the logs of pods.',
  },
  {
    component: 'kubernetes-events',
    value: 'kubernetesEvents.enabled',
    on: false,
    about: 'The gateway records the events of the cluster. Not with gatewayReplicas.',
  },
  {
    component: 'rtt',
    value: 'rtt.enabled',
    on: true,
    about:
      'Round trips between all nodes on the pod network, and the aggregator that names who is at fault.',
  },
  {
    component: 'rtt-node-network',
    value: 'rttNodeNetwork.enabled',
    on: false,
    about: "Round trips on the nodes' own network, too.",
  },
  {
    component: 'operator',
    value: 'operator.enabled',
    on: false,
    about: 'The operator of NetworkProbers, with the definition of their kind.',
  },
  {
    component: 'log-tailer',
    value: 'logTailer.enabled',
    on: true,
    about: 'How each node booted, from its logs: its timeline, and a trace.',
  },
  {
    component: 'service-monitors',
    value: 'serviceMonitors.enabled',
    on: false,
    about: "Objects of Prometheus's operator, which has to be there.",
  },
];
