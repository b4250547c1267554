import { commonFlagOptions } from '../shared/common-flags.ts';

/** The command line, as parseArgs takes it. */
export const flagOptions = {
  ...commonFlagOptions,
  protocol: { type: 'string', multiple: true },
  interval: { type: 'string' },
  'peers-file': { type: 'string' },
} as const;

export const usage = `usage: rtt-pinger [--config FILE] [--protocol icmp|udp|tcp|http]... [--interval DURATION] [--peers-file FILE]

Measures round trips to peers, again and again, and tells them by OTLP and to Prometheus.

  --config FILE       configuration in YAML; the environment and flags come before it
  --protocol NAME     icmp, udp, tcp or http; given more than once: all of them
  --interval DURATION each peer is probed once in this time, such as 500ms
  --peers-file FILE   peers as JSON with endpointsMap and pollingPeriod
  --kubeconfig FILE   how to reach the API server for peers of Kubernetes; default: KUBECONFIG, ~/.kube/config, the service account
  --context NAME      context of the kubeconfig
  --check             read the configuration, say whether it is sound, and end
  --print-config      print the effective configuration as JSON and end
  --help, --version`;
