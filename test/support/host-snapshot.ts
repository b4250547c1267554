import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { markVariable } from '../../local/host/proc.ts';
import { localPaths } from '../../local/paths.ts';

/** Everything on this machine that a cluster could leave behind, as sorted lines by kind. */
export type HostSnapshot = Readonly<Record<string, readonly string[]>>;

const watchedFolders = ['/run', '/run/netns', '/var/lib', '/var/run', '/var/log', '/etc/cni'];
const watchedSysctls = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/forwarding',
  'net/netfilter/nf_conntrack_max',
  'net/netfilter/nf_conntrack_tcp_timeout_established',
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait',
  'vm/overcommit_memory',
  'kernel/panic',
  'kernel/panic_on_oops',
];

export function takeSnapshot(): HostSnapshot {
  return {
    processes: processes(),
    mounts: lines(readFileSync('/proc/self/mountinfo', 'utf8')).map(
      (line) => line.split(' ')[4] ?? line,
    ),
    links: lines(run('ip', ['-br', 'link'])).map((line) => line.split(/\s+/)[0] ?? line),
    addresses: lines(run('ip', ['-br', 'address'])),
    routes: lines(run('ip', ['route', 'show', 'table', 'all'])),
    nftTables: lines(run('nft', ['list', 'tables'])),
    cgroups: cgroups('/sys/fs/cgroup', 4),
    files: watchedFolders.flatMap((folder) => entries(folder).map((name) => join(folder, name))),
    modules: lines(read('/proc/modules')).map((line) => line.split(' ')[0] ?? line),
    sysctls: watchedSysctls.map((name) => `${name}=${read(join('/proc/sys', name)).trim()}`),
  };
}

/** Lines that came and lines that went, by kind; only kinds with a difference. */
export function difference(
  before: HostSnapshot,
  after: HostSnapshot,
): Record<string, { added: string[]; removed: string[] }> {
  const kinds = Object.keys(before).map((kind) => {
    const was = new Set(before[kind]);
    const is = new Set(after[kind]);
    const added = [...is].filter((line) => !was.has(line)).toSorted();
    const removed = [...was].filter((line) => !is.has(line)).toSorted();
    return [kind, { added, removed }] as const;
  });
  return Object.fromEntries(
    kinds.filter(([, { added, removed }]) => added.length + removed.length > 0),
  );
}

/**
 * Processes that a cluster started: programs of its cache, what carries its mark, what lies in its cgroups. Others come and
 * go on any machine.
 */
function processes(): string[] {
  const { cacheDir } = localPaths(process.env);
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        link(`/proc/${pid}/exe`).startsWith(cacheDir) ||
        read(`/proc/${pid}/environ`).includes(`${markVariable}=`) ||
        read(`/proc/${pid}/cgroup`).includes('/kube-latency'),
    )
    .map((pid) => `${pid} ${link(`/proc/${pid}/exe`)}`);
}

/** The uppermost groups of every hierarchy, and below them what Kubernetes or a container runtime would name. */
function cgroups(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return [path, ...cgroups(path, depth - 1)];
    })
    .filter((path) => path.split('/').length <= 6 || /kube|k8s|containerd/.test(path));
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, [...args], { encoding: 'utf8' });
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
