import { readFileSync, readlinkSync } from 'node:fs';

import { processOf, type Owner, type ProcessIdentity } from './owner.ts';

/** The start time in clock ticks since boot: field 22; the command in field 2 may hold spaces. */
function startTicks(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** This process as an owner; unknown where the system has no /proc. */
export function thisProcess(): Owner {
  try {
    const ticks = startTicks(readFileSync('/proc/self/stat', 'utf8'));
    if (ticks === undefined) return { kind: 'unknown' };
    return {
      kind: 'process',
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      pidNamespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '',
      pid: process.pid,
      startTicks: ticks,
    };
  } catch {
    // No /proc: the pods of this run are told over by their deadline alone.
    return { kind: 'unknown' };
  }
}

/** The pod this process runs in, from the downward API; undefined outside of a pod or without it. */
export function thisPod(
  env: NodeJS.ProcessEnv,
  namespace: string | undefined,
  self: Owner,
): Owner | undefined {
  const name = env['K8S_POD_NAME'] ?? env['POD_NAME'];
  const uid = env['K8S_POD_UID'] ?? env['POD_UID'];
  if (!name || !uid || namespace === undefined) return undefined;
  const process = processOf(self);
  return { kind: 'pod', namespace, name, uid, ...(process === undefined ? {} : { process }) };
}

function sameNamespace(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.bootId === other.bootId && one.pidNamespace === other.pidNamespace;
}

/** Whether a process that started on this host is still there: `elsewhere` where that cannot be seen. */
export function processState(
  owner: ProcessIdentity,
  self: ProcessIdentity | undefined,
): 'alive' | 'gone' | 'elsewhere' {
  if (self === undefined || !sameNamespace(owner, self)) return 'elsewhere';
  try {
    const ticks = startTicks(readFileSync(`/proc/${owner.pid}/stat`, 'utf8'));
    return ticks === owner.startTicks ? 'alive' : 'gone';
  } catch (caught) {
    const { code } = caught as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? 'gone' : 'elsewhere';
  }
}

/**
 * Whether a process of this very pod is still there. One that is in no process namespace of ours was
 * that of this container before it was restarted.
 */
export function samePodState(
  owner: ProcessIdentity,
  self: ProcessIdentity,
): 'alive' | 'gone' | 'unknown' {
  if (!sameNamespace(owner, self)) return 'gone';
  const state = processState(owner, self);
  return state === 'elsewhere' ? 'unknown' : state;
}
