import { mkdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodePlan } from '../plan.ts';
import type { Fleet } from './fleet.ts';

/**
 * Gives a node namespaces of its own: of mounts, so that /var/lib, /var/log and /run are the node's (the kubelet, containerd
 * and CNI have fixed paths there) and no mount shows on the host; of the host name; and for a worker of the network. They
 * live as long as the processes in them, of which the one started here is the first.
 */
export async function makeNode(node: NodePlan, pause: string, fleet: Fleet): Promise<void> {
  const folders = { lib: join(node.dir, 'var-lib'), log: join(node.dir, 'var-log') };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const namespaces = ['--mount', '--uts', ...(node.role === 'worker' ? ['--net'] : [])];
  const shell = ['sh', '-ec', enterScript, 'sh', node.name, folders.lib, folders.log, pause];
  const pid = await fleet.holdNode(node, 'unshare', [...namespaces, '--', ...shell]);
  const entered = await realpath(pause);
  while ((await readlink(`/proc/${pid}/exe`).catch(() => '')) !== entered)
    await delay(5, undefined, { signal: fleet.signal });
}

/** What is mounted below `/` from now on is shared with the node's containers, as on a machine with systemd. */
const enterScript = `
hostname "$1"
mount -n -t tmpfs -o mode=755 tmpfs /run
mount -n --bind "$2" /var/lib
mount -n --bind "$3" /var/log
mount -n --make-rshared /
mkdir -p /run/netns
exec "$4"
`;
