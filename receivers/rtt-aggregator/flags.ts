import { commonFlagOptions } from '../shared/common-flags.ts';

/** The command line, as parseArgs takes it. */
export const flagOptions = {
  ...commonFlagOptions,
  pinger: { type: 'string', multiple: true },
  interval: { type: 'string' },
  port: { type: 'string' },
} as const;

export const usage = `usage: rtt-aggregator [--config FILE] [--pinger URL]... [--interval DURATION] [--port PORT]

Collects what all pingers measured, tells the mesh of them, and which node, link or pair of zones is at fault.

  --config FILE       configuration in YAML; flags come before it
  --pinger URL        a pinger to ask, as http://HOST:PORT of its metrics port; given more than once: all of them
  --interval DURATION each pinger is asked once in this time, such as 5s
  --port PORT         of /metrics, /matrix, /healthz and /readyz
  --kubeconfig FILE   how to reach the API server for a Service; default: KUBECONFIG, ~/.kube/config, the service account
  --context NAME      context of the kubeconfig
  --check             read the configuration, say whether it is sound, and end
  --print-config      print the effective configuration as JSON and end
  --help, --version`;
