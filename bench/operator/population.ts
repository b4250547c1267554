import type { PodFacts } from '../../operator/controller/core/pod-facts.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import {
  deletePod,
  labelPod,
  proberLabels,
  send,
  setStatus,
} from '../../test/support/played-pods.ts';
import { wholePods } from '../correlator/whole-pods.ts';

const port = 9090;

/** Pods of many namespaces that come, go and change their labels. Their objects are as large as those of real ones. */
export interface Population {
  readonly namespaces: readonly string[];
  /** Makes so many more, each with an address, and resolves when the last of them runs. */
  readonly grow: (count: number) => Promise<void>;
  /** One goes, and one comes. */
  readonly replace: () => Promise<void>;
  /** One is selected no more, or again. */
  readonly relabel: () => Promise<void>;
  /** Those that are selected, as the operator is to know them. */
  readonly selected: () => readonly PodFacts[];
}

interface Member {
  readonly facts: PodFacts;
  selected: boolean;
}

const atOnce = 16;

export function createPopulation(
  client: KubeClient,
  prober: string,
  namespaceCount: number,
): Population {
  const namespaces = Array.from({ length: namespaceCount }, (_, index) => `team-${index}`);
  const members: Member[] = [];
  const [template] = wholePods(1);
  let made = 0;
  // The same run each time.
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };

  async function add(): Promise<void> {
    const index = made++;
    const facts: PodFacts = {
      namespace: namespaces[index % namespaces.length] ?? '',
      name: `service-${index % 200}-7d9c5b6f48-${index.toString(36).padStart(5, 'a')}`,
      node: `n${index % 50}`,
      address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      running: true,
      sidecar: { prober: '', configMap: prober, port },
      bare: undefined,
    };
    await send(client, {
      verb: 'create',
      path: `/api/v1/namespaces/${facts.namespace}/pods`,
      body: podOf(facts),
    });
    await setStatus(client, facts, statusOf(facts));
    members.push({ facts, selected: true });
  }

  function podOf({ namespace, name, node }: PodFacts): object {
    const { metadata, spec } = template ?? {};
    const {
      uid: _,
      resourceVersion: __,
      managedFields: ___,
      creationTimestamp: ____,
      ownerReferences: _____,
      ...meta
    } = metadata as Record<string, unknown>;
    const sidecar = {
      name: 'net-prober',
      image: 'agent',
      restartPolicy: 'Always',
      ports: [{ name: 'np-ping', containerPort: port }],
      volumeMounts: [{ name: 'net-prober-vol', mountPath: '/etc/netprober' }],
    };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...meta,
        name,
        namespace,
        labels: { ...(meta['labels'] as object), ...proberLabels },
      },
      spec: {
        ...spec,
        nodeName: node,
        initContainers: [sidecar],
        volumes: [
          ...(spec?.volumes ?? []),
          { name: 'net-prober-vol', configMap: { name: prober, optional: true } },
        ],
      },
    };
  }

  function statusOf({ address }: PodFacts): object {
    return { ...template?.status, podIP: address, podIPs: [{ ip: address }] };
  }

  return {
    namespaces,
    grow: async (count) => {
      for (let left = count; left > 0; left -= atOnce)
        await Promise.all(Array.from({ length: Math.min(atOnce, left) }, add));
    },
    replace: async () => {
      const [gone] = members.splice(random(members.length), 1);
      await Promise.all([gone && deletePod(client, gone.facts), add()]);
    },
    relabel: async () => {
      const member = members[random(members.length)];
      if (member === undefined) return;
      member.selected = !member.selected;
      await labelPod(client, member.facts, { app: member.selected ? proberLabels.app : 'other' });
    },
    selected: () => members.filter(({ selected }) => selected).map(({ facts }) => facts),
  };
}
