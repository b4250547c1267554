import { commonFlagOptions } from '../receivers/shared/common-flags.ts';

/** The command line, as parseArgs takes it. */
export const flagOptions = {
  ...commonFlagOptions,
  namespace: { type: 'string' },
  port: { type: 'string' },
  'webhook-port': { type: 'string' },
  'no-leader-election': { type: 'boolean' },
  remove: { type: 'boolean' },
} as const;

export const usage = `usage: operator [--config FILE] [--namespace NAME] [--port PORT] [--webhook-port PORT] [--no-leader-election]
       operator --remove [--namespace NAME]

Does what NetworkProber objects ask for: puts agents into pods and tells them who their peers are.

  --config FILE       configuration in YAML; the environment and flags come before it
  --namespace NAME    the operator's own namespace, where its lease lies
  --port PORT         of /metrics, /healthz and /readyz
  --webhook-port PORT of the webhook for pods
  --no-leader-election
                      this is the only one that runs
  --remove            take away what an operator that has stopped left in the cluster, and end; NetworkProbers stay
  --kubeconfig FILE   how to reach the API server; default: KUBECONFIG, ~/.kube/config, the service account
  --context NAME      context of the kubeconfig
  --check             read the configuration, say whether it is sound, and end
  --print-config      print the effective configuration as JSON and end
  --help, --version`;
