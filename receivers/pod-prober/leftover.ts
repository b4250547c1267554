import { parseTimeNs } from '../shared/rfc3339.ts';
import type { ApiPod } from './pod-objects.ts';
import { parseOwner, type Owner } from './owner.ts';
import { deadlineAnnotation, ownerAnnotation } from './pod-spec.ts';

/** A probe pod that is there, with what tells whether its own run is over. */
export interface Leftover {
  readonly name: string;
  readonly uid: string;
  readonly owner: Owner;
  /** Null: the pod names none (that of the first version, or another program's). */
  readonly deadlineMs: number | null;
  readonly createdMs: number | null;
  readonly deleting: boolean;
}

/** Whether the owner of a pod lives: `unknown` where nobody here can tell. */
export type OwnerState = 'alive' | 'gone' | 'unknown';

/** A probe without a deadline of its own is over after the budget of the first version. */
const defaultBudgetMs = 5 * 60_000;
/** Clocks of two hosts may differ by this much before a deadline is believed. */
const clockSlackMs = 60_000;
/** A pod this long past its deadline is followed by nobody, even where its owner lives. */
const overdueMs = 5 * 60_000;

const probeName = /^probe-[0-9a-f]{16}$/;

function timeMs(text: string | undefined): number | null {
  const ns = parseTimeNs(text);
  return ns === null ? null : Number(ns / 1_000_000n);
}

/** Reads a listed pod; null where its name is not that of a probe: it is somebody else's. */
export function leftover(pod: ApiPod): Leftover | null {
  const {
    name = '',
    uid = '',
    annotations = {},
    creationTimestamp,
    deletionTimestamp,
  } = pod.metadata ?? {};
  if (!probeName.test(name)) return null;
  return {
    name,
    uid,
    owner: parseOwner(annotations[ownerAnnotation]),
    deadlineMs: timeMs(annotations[deadlineAnnotation]),
    createdMs: timeMs(creationTimestamp),
    deleting: deletionTimestamp !== undefined,
  };
}

/**
 * Whether the run that made a pod is over, so that the pod may be deleted: its owner is gone, or
 * nobody can tell and its time is up, or its owner lives and its time was up long ago.
 */
export function isOver(pod: Leftover, owner: OwnerState, nowMs: number): boolean {
  if (pod.deleting) return false;
  if (owner === 'gone') return true;
  if (owner === 'alive') return pod.deadlineMs !== null && nowMs > pod.deadlineMs + overdueMs;
  if (pod.deadlineMs !== null) return nowMs > pod.deadlineMs + clockSlackMs;
  return pod.createdMs !== null && nowMs > pod.createdMs + defaultBudgetMs + clockSlackMs;
}
