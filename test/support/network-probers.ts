/** Objects as users of the network prober operator have them. */

interface ProberFields {
  readonly name?: string;
  readonly namespace?: string;
  /** Laid over the fields of the sample; undefined takes one away. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The sample of the network prober operator, with what is named changed. */
export function networkProber({
  name = 'networkprober-sample',
  namespace = 'default',
  spec = {},
}: ProberFields = {}) {
  const whole: Readonly<Record<string, unknown>> = {
    podSelector: { matchLabels: { app: 'net-prober' } },
    httpPort: '9090',
    pollingPeriod: '10s',
    httpPrometheusPort: '1222',
    agentImage: 'bigmikes/kube-net-prober:test-version-v8',
    ...spec,
  };
  return {
    apiVersion: 'probes.bigmikes.io/v1alpha1',
    kind: 'NetworkProber',
    metadata: { name, namespace },
    spec: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
  };
}

/** The sample in the form in which it is handed around. */
export const sampleYaml = `apiVersion: probes.bigmikes.io/v1alpha1
kind: NetworkProber
metadata:
  name: networkprober-sample
spec:
  podSelector:
    matchLabels:
      app: net-prober
  httpPort: "9090"
  pollingPeriod: "10s"
  httpPrometheusPort: "1222"
  agentImage: "bigmikes/kube-net-prober:test-version-v8"
`;
