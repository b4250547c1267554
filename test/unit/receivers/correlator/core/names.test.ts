import assert from 'node:assert/strict';

import {
  parseApiPath,
  podInEtcdKey,
  uidInRuntimeName,
} from '../../../../../receivers/correlator/core/names.ts';

const uid = '98a92f0b-c7bc-4021-bc50-e4592d3fefb6';

describe('uidInRuntimeName()', () => {
  it('finds the uid of a sandbox, of a container, and of a static pod', () => {
    assert.equal(uidInRuntimeName(`p_ns_${uid}_0`, 'sandbox'), uid);
    assert.equal(uidInRuntimeName(`app_p_ns_${uid}_12`, 'container'), uid);
    assert.equal(
      uidInRuntimeName('etcd-n1_kube-system_0123456789abcdef_1', 'sandbox'),
      '0123456789abcdef',
    );
  });

  it('finds none in names that are made otherwise', () => {
    for (const name of ['', 'app', `p_ns_${uid}`, `a_b_c_${uid}_0_1`, 'p_ns_not-a-uid_0'])
      for (const kind of ['sandbox', 'container'] as const)
        assert.equal(uidInRuntimeName(name, kind), undefined, `${kind} ${name}`);
    assert.equal(uidInRuntimeName(`app_p_ns_${uid}_0`, 'sandbox'), undefined);
  });
});

describe('parseApiPath()', () => {
  const pod = { namespace: 'ns', name: 'p' };
  const cases: readonly (readonly [string, object])[] = [
    ['/api/v1/namespaces/ns/pods/p', { kind: 'pod', pod, subresource: '' }],
    [
      '/api/v1/namespaces/ns/pods/p/status?fieldManager=x',
      { kind: 'pod', pod, subresource: 'status' },
    ],
    ['https://10.0.0.1:6443/api/v1/namespaces/ns/pods/p', { kind: 'pod', pod, subresource: '' }],
    ['/api/v1/namespaces/ns/pods', { kind: 'pods', namespace: 'ns' }],
    ['/api/v1/namespaces/ns/pods?fieldManager=x', { kind: 'pods', namespace: 'ns' }],
    [
      '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name%3Dp',
      { kind: 'pod', pod, subresource: '' },
    ],
    [
      '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name=p&watch=true',
      { kind: 'pod', pod, subresource: 'watch' },
    ],
    [
      '/api/v1/namespaces/ns/pods?fieldSelector=spec.nodeName%3Dp',
      { kind: 'pods', namespace: 'ns' },
    ],
    ['/api/v1/namespaces/ns/serviceaccounts/default/token', { kind: 'token', namespace: 'ns' }],
    ['/api/v1/namespaces/ns/events', { kind: 'events', namespace: 'ns' }],
    ['/apis/events.k8s.io/v1/namespaces/ns/events/p.1', { kind: 'events', namespace: 'ns' }],
    ['/apis/metrics.k8s.io/v1beta1/namespaces/ns/pods/p', { kind: 'other' }],
    ['/api/v1/namespaces/ns/pods/https:p:443/proxy/x', { kind: 'other' }],
    ['/api/v1/namespaces/ns/configmaps/p', { kind: 'other' }],
    ['/api/v1/pods?fieldSelector=spec.nodeName%3Dn1', { kind: 'other' }],
    ['/api/v1/namespaces', { kind: 'other' }],
    ['https://10.0.0.1:6443', { kind: 'other' }],
    ['', { kind: 'other' }],
  ];
  for (const [path, expected] of cases)
    it(`reads ${path || 'an empty path'}`, () => assert.deepEqual(parseApiPath(path), expected));
});

describe('podInEtcdKey()', () => {
  it('reads the key with and without the prefix of the cluster', () => {
    const pod = { namespace: 'ns', name: 'p.with-dots' };
    assert.deepEqual(podInEtcdKey('/pods/ns/p.with-dots', false), pod);
    assert.deepEqual(podInEtcdKey('/registry/pods/ns/p.with-dots', false), pod);
  });

  it('takes no other key for a pod’s', () => {
    for (const key of [
      '/pods/ns',
      '/registry/pods/ns/',
      '/example.com/pods/ns/p',
      '/registry/podtemplates/ns/p',
      '/a/b/pods/ns/p',
    ])
      assert.equal(podInEtcdKey(key, true), undefined, key);
  });

  it('reads the key of an Event only when asked to', () => {
    const key = '/registry/events/ns/p.with-dots.17f0c0ffee';
    assert.equal(podInEtcdKey(key, false), undefined);
    assert.deepEqual(podInEtcdKey(key, true), { namespace: 'ns', name: 'p.with-dots' });
  });
});
