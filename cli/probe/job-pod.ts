import type { ApiPod } from '../../receivers/pod-prober/pod-objects.ts';
import { proberContainer } from './job.ts';

/** How far the pod of a Job has come. */
export type PodStage =
  | { readonly kind: 'none' }
  /** Its container has not begun; `final`: it will not by itself. */
  | { readonly kind: 'waiting'; readonly why: string; readonly final: boolean }
  | { readonly kind: 'running'; readonly pod: string }
  | { readonly kind: 'ended'; readonly pod: string; readonly why: string };

const final: ReadonlySet<string> = new Set(['ErrImageNeverPull', 'InvalidImageName']);

/** Reads the stage of a Job's pod; undefined: there is none. */
export function podStage(object: ApiPod | undefined): PodStage {
  if (object === undefined) return { kind: 'none' };
  const pod = object.metadata?.name ?? '';
  const { status } = object;
  const state = status?.containerStatuses?.find(({ name }) => name === proberContainer)?.state;
  if (state?.terminated !== undefined) {
    return { kind: 'ended', pod, why: endOf(state.terminated) };
  }
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') {
    return { kind: 'ended', pod, why: sentence(status) ?? status.phase };
  }
  if (state?.running !== undefined) return { kind: 'running', pod };
  const unscheduled = status?.conditions?.find(
    (each) => each.type === 'PodScheduled' && each.status === 'False',
  );
  return {
    kind: 'waiting',
    why: sentence(state?.waiting) ?? sentence(unscheduled) ?? status?.phase ?? 'Pending',
    final: final.has(state?.waiting?.reason ?? ''),
  };
}

/** What is read of a Job once it runs. */
export interface ApiJob {
  readonly metadata?: { readonly uid?: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type?: string;
      readonly status?: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** Why a Job has failed; undefined: it has not. */
export function jobFailure({ status }: ApiJob): string | undefined {
  const failed = status?.conditions?.find(
    (each) => each.type === 'Failed' && each.status === 'True',
  );
  return failed === undefined ? undefined : (sentence(failed) ?? 'Failed');
}

/** A reason that says more than that it went wrong, such as OOMKilled, and the exit code. */
function endOf({
  exitCode,
  reason,
}: {
  readonly exitCode?: number;
  readonly reason?: string;
}): string {
  const code = `exit code ${exitCode ?? 'unknown'}`;
  return reason === undefined || reason === 'Error' || reason === 'Completed'
    ? code
    : `${reason} (${code})`;
}

function sentence(
  about: { readonly reason?: string; readonly message?: string } | undefined,
): string | undefined {
  const parts = [about?.reason, about?.message?.replaceAll(/\s*\n\s*/g, ' ').trim()];
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? undefined : said.join(': ');
}
