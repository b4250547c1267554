import assert from 'node:assert/strict';
import { plan } from '../../operator/controller/core/plan.ts';
import type { PodFacts } from '../../operator/controller/core/pod-facts.ts';
import type { ValidProber } from '../../operator/network-prober.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { surroundings } from '../../test/support/operator/probers.ts';
import { send } from '../../test/support/played-pods.ts';

interface ConfigMap {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** Throws where a list of peers is missing, has a pod that is gone or another address, or is not the one that was planned. */
export async function assertLists(
  client: KubeClient,
  prober: ValidProber,
  pods: readonly PodFacts[],
): Promise<void> {
  const query = { labelSelector: 'app.kubernetes.io/managed-by=kube-latency-operator' };
  const { items } = (await send(client, { verb: 'list', path: '/api/v1/configmaps', query })) as {
    items: readonly ConfigMap[];
  };
  const found = new Map(
    items.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, textOf(each)]),
  );
  const addresses = new Map(pods.map(({ name, address }) => [name, address]));
  const [planned] = plan({
    selections: [{ prober, pods }],
    namespaces: new Map(),
    surroundings: surroundings({ probers: [] }),
  });
  assert.ok(planned);
  for (const [namespace, files] of planned.files) {
    let peers = 0;
    for (const { name, text } of files) {
      const is = found.get(`${namespace}/${name}`);
      assert.ok(is !== undefined, `${namespace}/${name} is not there`);
      const { endpointsMap } = JSON.parse(is) as { endpointsMap: Record<string, { ip: string }> };
      for (const [pod, { ip }] of Object.entries(endpointsMap))
        assert.equal(ip, addresses.get(pod), `${pod} in ${namespace}/${name}`);
      peers += Object.keys(endpointsMap).length;
      assert.ok(is === text, `${namespace}/${name} is not what was planned`);
    }
    assert.equal(peers, Math.min(pods.length, prober.spec.topology.maxPeers));
  }
}

function textOf({ binaryData = {} }: ConfigMap): string {
  return Buffer.from(Object.values(binaryData)[0] ?? '', 'base64').toString('utf8');
}
