import { checkApiServer } from './checks/api-server.ts';
import { checkBackend } from './checks/backend.ts';
import { checkClocks } from './checks/clocks.ts';
import { checkCollectors } from './checks/collectors.ts';
import { checkEtcd } from './checks/etcd.ts';
import { checkKubelets } from './checks/kubelet.ts';
import { checkProber } from './checks/prober.ts';
import { checkCorrelatorRights } from './checks/rights.ts';
import { checkRuntimes } from './checks/runtime.ts';
import type { Facts } from './facts.ts';
import type { Finding, Level } from './finding.ts';

/** All findings, component by component. */
export function diagnose(facts: Facts): Finding[] {
  return [
    checkApiServer,
    checkEtcd,
    checkKubelets,
    checkRuntimes,
    checkProber,
    checkCorrelatorRights,
    checkClocks,
    checkCollectors,
    checkBackend,
  ].flatMap((check) => check(facts));
}

/** How many findings there are of each level. */
export function summaryOf(findings: readonly Finding[]): Record<Level, number> {
  const count = (level: Level): number => findings.filter((each) => each.level === level).length;
  return {
    ok: count('ok'),
    warning: count('warning'),
    problem: count('problem'),
    unknown: count('unknown'),
  };
}
