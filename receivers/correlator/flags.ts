import { commonFlagOptions } from '../shared/common-flags.ts';

/** The command line, as parseArgs takes it. */
export const flagOptions = {
  ...commonFlagOptions,
  role: { type: 'string', multiple: true },
} as const;

export const usage = `usage: correlator [--config FILE] [--role node|control-plane]...

Copies the spans of the kubelet, the container runtime, the API server and etcd into the traces of the pods
they are about.

  --config FILE     configuration in YAML; the environment and flags come before it
  --role ROLE       node or control-plane; given twice: both
  --kubeconfig FILE how to reach the API server; default: KUBECONFIG, ~/.kube/config, the service account
  --context NAME    context of the kubeconfig
  --check           read the configuration, say whether it is sound, and end
  --print-config    print the effective configuration as JSON and end
  --help, --version`;
