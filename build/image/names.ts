import packageJson from '../../package.json' with { type: 'json' };

/** Every receiver, and the command. */
export const kubeLatencyImage = `localhost/kube-latency/kube-latency:${packageJson.version}`;

/** The Collector of collector-config/builder.yaml. */
export const collectorImage = `localhost/kube-latency/otelcol:${packageJson.version}`;

/** The viewer that local clusters have. */
export const viewerImage = `localhost/kube-latency/viewer:${packageJson.version}`;

/** Nobody: no file of the images belongs to it. */
export const imageUser = '65532:65532';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** What images call the architecture of this machine. */
export const imageArchitecture = architectures[process.arch] ?? process.arch;
