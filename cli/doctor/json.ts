import { summaryOf } from './diagnose.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/**
 * The findings as `doctor --output json` prints them:
 *
 * - `cluster`: `server`, `version` (null: not seen), `install` (`local`, `kind`, `kubeadm`, `managed` or `other`),
 *   `nodes` (how many; null: not seen)
 * - `backend`: address of what was asked for spans; null: none could be asked
 * - `summary`: how many findings there are of each level: `ok`, `warning`, `problem`, `unknown`
 * - `findings`: `component` (`api-server`, `etcd`, `kubelet`, `container-runtime`, `prober`, `correlator`, `clocks`,
 *   `collectors`, `backend`), `node` (null: none, or not known), `check`, `level` (`unknown`: it cannot be seen, which
 *   says neither that it is well nor that it is not), `found`, `expected`, `fix` (the change that is needed; null: none)
 */
export function findingsJson(facts: Facts, findings: readonly Finding[]): unknown {
  const { server, version, install, nodes, arrivals } = facts;
  return {
    cluster: {
      server,
      version: version.kind === 'seen' ? version.value : null,
      install,
      nodes: nodes.kind === 'seen' ? nodes.value.length : null,
    },
    backend: arrivals.kind === 'seen' ? arrivals.value.address : null,
    summary: summaryOf(findings),
    findings,
  };
}
