import { sleep } from '../../../shared/deadline.ts';
import type { Source, SourceOptions } from '../../core/source.ts';
import { ec2Source as source } from './events.ts';
import type { FleetAnswer, Machine } from './fleet.ts';
import type { AwsKeys } from './query.ts';

export interface FollowEc2Options extends SourceOptions {
  /** Resolves once it is known; undefined: it never will be. */
  readonly machine: Promise<(Machine & { readonly region: string }) | undefined>;
  /** Of the API; undefined: that of the region. */
  readonly endpoint: URL | undefined;
  /** Gives what finds keys; undefined: as every program of AWS does. */
  readonly keys?: (region: string) => Promise<() => Promise<AwsKeys>>;
  readonly timeoutMs: number;
  /** Pause after a failure; it grows. */
  readonly retryMs: number;
}

/** So many machines may boot at once that the API must not be asked often. */
const attempts = 6;

/** Asks EC2 for the fleet of the machine, until it tells, or asking again would not help. Its code is loaded once the machine is known. */
export function followEc2(options: FollowEc2Options): Source {
  const { signal, onChange, retryMs } = options;
  let answer: FleetAnswer | undefined;

  async function ask(): Promise<void> {
    const machine = await options.machine;
    if (machine === undefined || signal.aborted) return;
    const { region } = machine;
    const [{ fleetRequested }, { usualKeys }] = await Promise.all([
      import('./fleet.ts'),
      import('./keys.ts'),
    ]);
    const endpoint = options.endpoint ?? new URL(`https://ec2.${region}.${suffixOf(region)}/`);
    const keys = await (options.keys ?? usualKeys)(region);
    for (let attempt = 1; attempt <= attempts && !signal.aborted; attempt++) {
      answer = await fleetRequested(machine, { ...options, region, endpoint, keys });
      onChange();
      if (answer.kind === 'requested' || answer.final) return;
      await sleep(retryMs * 2 ** (attempt - 1), signal);
    }
  }

  return {
    ended: ask(),
    evidence: () => ({
      occurrences:
        answer?.kind === 'requested'
          ? [
              {
                event: 'fleet_requested',
                source,
                atUnixNs: answer.atUnixNs,
                precisionNs: 1e9,
              },
            ]
          : [],
      activities: [],
      reports: [
        answer === undefined
          ? { source, problem: 'the machine is not known' }
          : answer.kind === 'failed'
            ? { source, problem: answer.problem }
            : { source },
      ],
      facts: answer?.kind === 'requested' ? { instanceId: answer.instanceId } : {},
    }),
  };
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
