import { readFileSync } from 'node:fs';
import { cannotRunHere } from '../errors.ts';
import { network } from '../plan.ts';
import { parseListeners, portConflicts, type Listener, type PortUse } from './listeners.ts';
import { commandName, holderOfSocket } from './proc.ts';

/** Every port that the cluster listens on in the host's network. */
const hostPorts: readonly PortUse[] = [
  { address: '127.0.0.1', port: 2379, component: 'etcd' },
  { address: '127.0.0.1', port: 2380, component: 'etcd' },
  { address: '127.0.0.1', port: 2381, component: 'etcd' },
  { address: network.hostAddress, port: network.apiServerPort, component: 'kube-apiserver' },
  { address: '127.0.0.1', port: 10257, component: 'kube-controller-manager' },
  { address: '127.0.0.1', port: 10259, component: 'kube-scheduler' },
  { address: network.hostAddress, port: 10250, component: 'kubelet' },
  { address: '127.0.0.1', port: 10248, component: 'kubelet' },
  { address: network.hostAddress, port: 10256, component: 'kube-proxy' },
  { address: '127.0.0.1', port: 10249, component: 'kube-proxy' },
  { address: '127.0.0.1', port: 4317, component: 'agent collector' },
  { address: '127.0.0.1', port: 4337, component: 'agent collector' },
  { address: '127.0.0.1', port: 13133, component: 'agent collector' },
  { address: '127.0.0.1', port: 8888, component: 'agent collector' },
  { address: '127.0.0.1', port: 4327, component: 'correlator' },
  { address: '127.0.0.1', port: 4328, component: 'correlator' },
  { address: network.hostAddress, port: 2112, component: 'log tailer' },
  { address: '127.0.0.1', port: 8000, component: 'pages of the viewer' },
];

/** Throws an error that names every port that is taken, and the process that has it. */
export function checkPorts(ports: readonly PortUse[] = hostPorts): void {
  const listeners = [...readListeners('tcp'), ...readListeners('tcp6')];
  const taken = portConflicts(ports, listeners).map(
    ({ use, listener }) =>
      `port ${use.port} (${use.component}, on ${use.address}) is taken by ${describeHolder(listener)}`,
  );
  if (taken.length > 0)
    throw cannotRunHere(
      `${taken.join('; ')}; stop it, or take --on kind, which needs none of them`,
    );
}

function describeHolder(listener: Listener): string {
  const pid = holderOfSocket(listener.inode);
  return pid === undefined ? 'an unknown process' : `${commandName(pid)} (process ${pid})`;
}

function readListeners(table: 'tcp' | 'tcp6'): Listener[] {
  try {
    return parseListeners(readFileSync(`/proc/net/${table}`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // no IPv6 here
    throw error;
  }
}
