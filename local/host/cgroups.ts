import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A mounted cgroup hierarchy. */
export interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
}

/** What kubelets and containers ask for. */
const controllers = ['cpuset', 'cpu', 'hugetlb', 'io', 'memory', 'pids'];
const removeWithinMs = 5000;

/** Hierarchies in the text of /proc/mounts. */
export function parseHierarchies(mounts: string): Hierarchy[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([, mountPoint = '', type]): Hierarchy[] => {
      if (type === 'cgroup') return [{ mountPoint, version: 1 }];
      return type === 'cgroup2' ? [{ mountPoint, version: 2 }] : [];
    });
}

/** Makes a cgroup with its parents in every hierarchy, usable by containers below it. */
export function makeCgroup(path: string): void {
  const hierarchies = parseHierarchies(readFileSync('/proc/mounts', 'utf8'));
  const hybrid = hierarchies.some(({ version }) => version === 1);
  for (const { mountPoint, version } of hierarchies) {
    if (version === 1) makeBelow(mountPoint, path, inheritCpuset);
    else if (!hybrid) makeBelow(mountPoint, path, (folder) => passOn(dirname(folder)));
    if (version === 2 && !hybrid) passOn(join(mountPoint, path));
  }
}

function makeBelow(mountPoint: string, path: string, prepare: (folder: string) => void): void {
  let folder = mountPoint;
  for (const name of path.split('/').filter((part) => part !== '')) {
    folder = join(folder, name);
    mkdirSync(folder, { recursive: true });
    prepare(folder);
  }
}

/** The first version starts a cpuset empty, and nothing can run in an empty one. */
function inheritCpuset(folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const from = join(dirname(folder), file);
    if (existsSync(from) && existsSync(join(folder, file)))
      writeFileSync(join(folder, file), readFileSync(from, 'utf8').trim());
  }
}

/** The second version has a controller in a cgroup only where the parent passes it on. */
function passOn(folder: string): void {
  const available = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ');
  for (const name of controllers.filter((controller) => available.includes(controller)))
    writeFileSync(join(folder, 'cgroup.subtree_control'), `+${name}`);
}

/** Removes a cgroup and all below it from every hierarchy. Their processes have ended; the kernel may take a moment to see it. */
export async function removeCgroup(path: string): Promise<void> {
  for (const { mountPoint } of parseHierarchies(readFileSync('/proc/mounts', 'utf8'))) {
    const folder = join(mountPoint, path);
    const deadline = performance.now() + removeWithinMs;
    while (existsSync(folder) && !removeTree(folder)) {
      if (performance.now() > deadline)
        throw new Error(`cannot remove cgroup ${folder}: still busy; \`kube-latency down\` again`);
      await delay(20);
    }
  }
}

/** False while some of it is busy. */
function removeTree(folder: string): boolean {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && !removeTree(join(folder, entry.name))) return false;
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    return false;
  }
}
