import { cost } from '../prober/child-cpu.ts';
import type { AsDeployed } from './as-deployed.ts';
import { inside } from './network.ts';

/** What the subject prints. */
export interface OurRun {
  readonly answered: number;
  readonly failed: number;
  /** Flagged samples. */
  readonly late: number;
  /** Descriptors open at the end of the time, more than at its beginning. */
  readonly descriptors: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly meanUs: number;
  /** Processor time of the process a probe, after a second of running in. */
  readonly cpuUs: number;
  readonly rssMb: number;
}

/** Runs the bundled subject in a namespace with options such as `{ peers: 1000, 'interval-ms': 20 }`. */
export async function runOurs(
  where: { readonly namespace: string; readonly entry: string; readonly deployed: AsDeployed },
  options: Readonly<Record<string, string | number>>,
): Promise<OurRun> {
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const { namespace, entry, deployed } = where;
  const command = inside(namespace, [process.execPath, ...deployed.flags, entry, ...args]);
  const { stdout } = await cost(['ip', ...command], deployed.env);
  return JSON.parse(stdout) as OurRun;
}
