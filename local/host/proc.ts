import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The environment variable that marks every process of a cluster; its value is the cluster's folder. */
export const markVariable = 'KUBE_LATENCY_CLUSTER_DIR';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since the boot. */
  readonly startTime: string;
  /** R, S, D, Z (ended, not yet reaped), ... */
  readonly state: string;
}

/** Parses /proc/PID/stat; the program's name in it may hold spaces and brackets. */
export function parseStat(text: string): ProcessInfo {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    startTime: fields[19] ?? '',
  };
}

/** Undefined when there is no such process. */
export function processInfo(pid: number): ProcessInfo | undefined {
  const text = readProc(`${pid}/stat`);
  return text === '' ? undefined : parseStat(text);
}

/** True while exactly that process runs; a zombie does not. */
export function isRunning(pid: number, startTime: string): boolean {
  const info = processInfo(pid);
  return info !== undefined && info.startTime === startTime && info.state !== 'Z';
}

export function allProcesses(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processInfo(Number(name)) ?? []);
}

export function environmentOf(pid: number): string[] {
  return readProc(`${pid}/environ`).split('\0');
}

/** The command line, its program first. */
export function argumentsOf(pid: number): string[] {
  return readProc(`${pid}/cmdline`).split('\0').slice(0, -1);
}

/** Paths of the process's cgroups, without the hierarchies' names. */
export function cgroupsOf(pid: number): string[] {
  return readProc(`${pid}/cgroup`)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':').slice(2).join(':'));
}

export function commandName(pid: number): string {
  return readProc(`${pid}/comm`).trim();
}

/** The process that holds the socket with this inode, if it may be seen. */
export function holderOfSocket(inode: string): number | undefined {
  const target = `socket:[${inode}]`;
  return allProcesses().find(({ pid }) => openFiles(pid).includes(target))?.pid;
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlink(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // ended meanwhile
  }
}

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

/** Empty when the process ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
