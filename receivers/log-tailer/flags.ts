import { commonFlagOptions } from '../shared/common-flags.ts';

/** The command line, as parseArgs takes it with `allowNegative`: `--no-imds` and `--no-comments` are the negatives of two of them. */
export const flagOptions = {
  ...commonFlagOptions,
  'cloudwatch-metrics': { type: 'boolean' },
  'prometheus-metrics': { type: 'boolean' },
  'metrics-port': { type: 'string' },
  'otel-metrics': { type: 'boolean' },
  'otel-endpoint': { type: 'string' },
  'experiment-dimension': { type: 'string' },
  timeout: { type: 'string' },
  'retry-delay': { type: 'string' },
  'imds-endpoint': { type: 'string' },
  imds: { type: 'boolean' },
  kubernetes: { type: 'boolean' },
  'pod-namespace': { type: 'string' },
  'node-name': { type: 'string' },
  output: { type: 'string' },
  comments: { type: 'boolean' },
  classic: { type: 'boolean' },
  anchor: { type: 'string' },
  'show-unresolved-events': { type: 'boolean' },
} as const;

/** `--name=true` and `--name=false` of flags that are on or off, as Go's programs take them, in the form of parseArgs. */
export function withoutBooleans(args: readonly string[]): string[] {
  return args.map((arg) => {
    const [, no = '', name = '', value] = /^--(no-)?([a-z-]+)=(true|false)$/.exec(arg) ?? [];
    const option = (flagOptions as Readonly<Record<string, { readonly type: string } | undefined>>)[
      name
    ];
    if (value === undefined || option?.type !== 'boolean') return arg;
    return (no === '') === (value === 'true') ? `--${name}` : `--no-${name}`;
  });
}

export const usage = `usage: log-tailer [--prometheus-metrics | --otel-metrics] [--config FILE] [flags]

Measures the boot of its node from logs, the API of Kubernetes and the cloud, prints it as a chart, and tells it by OTLP and to
Prometheus. Flags come before variables of the environment, these before the file. Ends with 0, with 1 when it failed, with 2 on a wrong
flag or configuration, with 3 when a terminal event has not happened in time.

  --prometheus-metrics        serve /metrics, /boot, /healthz and /readyz, and go on after the boot (PROMETHEUS_METRICS)
  --metrics-port PORT         default 2112 (METRICS_PORT)
  --otel-metrics              export once, label the node, end (OTEL_METRICS)
  --otel-endpoint URL         OTLP over gRPC (OTEL_EXPORTER_OTLP_ENDPOINT)
  --cloudwatch-metrics        export once by OTLP, to a collector that writes to CloudWatch (CLOUDWATCH_METRICS)
  --experiment-dimension NAME label experiment; default none (EXPERIMENT_DIMENSION)
  --timeout SECONDS           longest time until the terminal events; default 600 (TIMEOUT)
  --retry-delay SECONDS       pause between two looks; default 5 (RETRY_DELAY)
  --imds-endpoint URL         default http://169.254.169.254 (IMDS_ENDPOINT)
  --no-imds                   do not ask the metadata service of EC2 (NO_IMDS)
  --no-kubernetes             do not ask the API server (NO_KUBERNETES)
  --pod-namespace NAME        namespace of the measured pod; default: default, empty in the file: any (POD_NAMESPACE)
  --node-name NAME            default: the name that the metadata service tells (NODE_NAME, K8S_NODE_NAME)
  --output markdown|json      default markdown (OUTPUT)
  --no-comments               leave comments out (NO_COMMENTS)
  --classic                   markdown and JSON in node-latency-for-k8s' units (CLASSIC)
  --anchor METRIC             event at time zero; default: the earliest (ANCHOR)
  --show-unresolved-events    below the chart, what did not happen and why
  --config FILE               configuration in YAML
  --kubeconfig FILE           default: KUBECONFIG, ~/.kube/config, the service account
  --context NAME              context of the kubeconfig
  --check                     read the configuration, say whether it is sound, and end
  --print-config              print the effective configuration as JSON and end
  --help, --version`;
