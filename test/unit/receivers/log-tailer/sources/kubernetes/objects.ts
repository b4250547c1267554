/** A time of 21 November 2026, 09:30 UTC and so many seconds. */
function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 21, 9, 30, seconds)).toISOString().replace('.000', '');
}

export function atNs(seconds: number): bigint {
  return BigInt(Date.UTC(2026, 10, 21, 9, 30)) * 1_000_000n + BigInt(Math.round(seconds * 1e9));
}

interface NodeState {
  readonly ready?: { readonly status: string; readonly since: number; readonly message?: string };
  readonly taints?: readonly string[];
}

/** A node of AWS that was created at second 10. */
export function nodeObject({ ready, taints = [] }: NodeState = {}): object {
  return {
    metadata: {
      name: 'worker-1',
      uid: '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11',
      creationTimestamp: at(10),
      resourceVersion: '7',
      labels: {
        'topology.kubernetes.io/region': 'us-west-2',
        'topology.kubernetes.io/zone': 'us-west-2a',
        'node.kubernetes.io/instance-type': 'c6a.large',
      },
    },
    spec: {
      providerID: 'aws:///us-west-2a/i-0681ec41ddb32ba4e',
      taints: taints.map((effect) => ({ key: 'startup', effect })),
    },
    status: {
      addresses: [
        { type: 'Hostname', address: 'worker-1' },
        { type: 'InternalIP', address: '192.168.23.248' },
      ],
      conditions:
        ready === undefined
          ? []
          : [
              {
                type: 'Ready',
                status: ready.status,
                message: ready.message ?? '',
                lastTransitionTime: at(ready.since),
              },
            ],
      nodeInfo: {
        bootID: 'e6f4d4b6-3c7c-4d38-8f7d-2f6d4b1f6a55',
        osImage: 'Amazon Linux 2023.9.20250929',
        kernelVersion: '6.1.153',
        kubeletVersion: 'v1.35.0',
        containerRuntimeVersion: 'containerd://2.2.0',
        architecture: 'amd64',
      },
    },
  };
}

interface PodState {
  readonly name: string;
  readonly namespace?: string;
  readonly created?: number;
  readonly scheduled?: number;
  readonly ready?: number;
  readonly owner?: string;
}

export function podObject(state: PodState): object {
  const { name, namespace = 'default', created = 5, scheduled, ready, owner } = state;
  const condition = (type: string, since: number | undefined) =>
    since === undefined ? [] : [{ type, status: 'True', lastTransitionTime: at(since) }];
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      resourceVersion: '7',
      creationTimestamp: at(created),
      ownerReferences: owner === undefined ? [] : [{ kind: owner }],
    },
    status: {
      conditions: [...condition('PodScheduled', scheduled), ...condition('Ready', ready)],
    },
  };
}
