import assert from 'node:assert/strict';
import { targetDefaults, type Identity, type OwnCluster } from '../../../../cli/probe/target.ts';

const admin: Identity = { server: 'https://10.231.0.1:6443', ca: 'our CA', cert: 'the admin' };
const own: OwnCluster = {
  namespace: undefined,
  admin,
  state: {
    on: 'local',
    name: 'kube-latency',
    server: admin.server,
    kubeconfig: '/state/kubeconfig',
    proberKubeconfig: '/state/prober.kubeconfig',
    proberNamespace: 'kube-latency',
    probeImage: 'localhost/kube-latency/pause:1',
    collectorEndpoint: 'http://127.0.0.1:4317',
    viewerUrl: 'http://127.0.0.1:8000',
    spansFile: '/state/spans.jsonl',
    nodes: [],
  },
};
const here = {
  image: 'localhost/kube-latency/pause:1',
  collectorEndpoint: 'http://127.0.0.1:4317',
};
const asProber = { ...here, kubeconfig: '/state/prober.kubeconfig', namespace: 'kube-latency' };

describe('targetDefaults', () => {
  const cases = [
    {
      name: 'takes the prober of our cluster where no kubeconfig is',
      chosen: undefined,
      expected: asProber,
    },
    {
      name: 'makes the administrator of our cluster its prober',
      chosen: admin,
      expected: asProber,
    },
    {
      name: 'sees through another spelling of the same address and certificate',
      chosen: { server: 'https://10.231.0.1:6443/', ca: 'our CA\n', cert: 'the admin\n' },
      expected: asProber,
    },
    {
      name: 'leaves anybody else in our cluster who they are, and knows its image and collector',
      chosen: { ...admin, cert: 'somebody' },
      expected: here,
    },
    {
      name: 'leaves a token who it is',
      chosen: { ...admin, cert: undefined },
      expected: here,
    },
    {
      name: 'takes nothing for a cluster at another address',
      chosen: { ...admin, server: 'https://10.231.0.1:7443' },
      expected: {},
    },
    {
      name: 'takes nothing for a cluster of another authority at the same address',
      chosen: { ...admin, ca: 'their CA' },
      expected: {},
    },
  ];
  for (const { name, chosen, expected } of cases) {
    it(name, () => {
      assert.deepEqual(targetDefaults(chosen, own), expected);
    });
  }

  it('takes nothing where up has made no cluster', () => {
    assert.deepEqual(targetDefaults(undefined, undefined), {});
    assert.deepEqual(targetDefaults(admin, undefined), {});
  });
});
