import { readFileSync, writeFileSync } from 'node:fs';
import { allowForwarding } from '../host/forwarding.ts';
import { hostTables } from '../host/network-in-use.ts';
import { run, runOk } from '../host/run.ts';
import type { Journal } from '../host/journal.ts';
import { network, type NodePlan } from '../plan.ts';

const { bridge, podBridge, hostAddress, nodeCidr, podCidr, serviceCidr } = network;

const hostPortTable = ['ip', 'cni_hostport'] as const;

/** Kernel settings that `up`, or the kubelet on the host's behalf, changes; `down` sets them back. */
const changedSettings = [
  'net/ipv4/ip_forward',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** The bridge between the nodes, the host's address on it, and the way out for nodes and pods. */
export async function makeHostNetwork(journal: Journal, signal: AbortSignal): Promise<void> {
  for (const name of changedSettings) {
    const before = readSetting(name);
    if (before !== undefined) journal.note({ kind: 'sysctl', name, before });
  }
  for (const name of [bridge, podBridge]) journal.note({ kind: 'link', name });
  for (const table of hostTables) journal.note({ kind: 'nft-table', ...table });
  // Made by the first pod of the control plane node that asks for a host port.
  if ((await run('nft', ['list', 'table', ...hostPortTable], { signal })).code !== 0)
    journal.note({ kind: 'nft-table', family: hostPortTable[0], name: hostPortTable[1] });
  if (readSetting('net/bridge/bridge-nf-call-iptables') === undefined)
    await run('modprobe', ['br_netfilter'], { signal });
  await ipBatch(
    [
      `link add ${bridge} type bridge`,
      `addr add ${hostAddress}/24 dev ${bridge}`,
      `link set ${bridge} up`,
      `route add ${serviceCidr} dev ${bridge} src ${hostAddress}`,
    ],
    [],
    signal,
  );
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  await runOk('nft', ['-f', '-'], { input: masquerade, signal });
  await allowForwarding([bridge, podBridge], journal, signal);
}

/** Joins a worker's network namespace to the bridge. Routes lead to the other nodes' pods, and by the host to the rest. */
export async function joinNetwork(
  node: NodePlan,
  nodes: readonly NodePlan[],
  { journal, holder, signal }: { journal: Journal; holder: number; signal: AbortSignal },
): Promise<void> {
  const { veth, address } = node;
  if (veth === null) return;
  journal.note({ kind: 'link', name: veth });
  await ipBatch(
    [
      `link add ${veth} type veth peer name eth0 netns ${holder}`,
      `link set ${veth} master ${bridge}`,
      `link set ${veth} up`,
      `route add ${node.podCidr} via ${address} dev ${bridge}`,
    ],
    [],
    signal,
  );
  const inside = ['nsenter', `--net=/proc/${holder}/ns/net`, '--'];
  await ipBatch(
    [
      'link set lo up',
      `addr add ${address}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${hostAddress}`,
      ...nodes
        .filter((other) => other !== node)
        .map((other) => `route add ${other.podCidr} via ${other.address}`),
    ],
    inside,
    signal,
  );
  await runOk(
    'nsenter',
    [...inside.slice(1), 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'],
    { signal },
  );
}

async function ipBatch(
  commands: readonly string[],
  inside: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const [program, ...args] = [...inside, 'ip', '-batch', '-'];
  await runOk(program, args, { input: commands.join('\n'), signal });
}

const inner = `{ ${nodeCidr}, ${podCidr} }`;
const masquerade = `
table inet kube-latency {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${inner} ip daddr != ${inner} masquerade
  }
}
`;

function readSetting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return undefined; // this kernel has it not
  }
}
