import assert from 'node:assert/strict';
import { judgeEndpoint } from '../../../../cli/doctor/endpoint.ts';
import { installOf } from '../../../../cli/doctor/install.ts';
import { atLeast, parseVersion } from '../../../../cli/doctor/version.ts';

describe('judgeEndpoint', () => {
  const endpoints = [
    { endpoint: '127.0.0.1:4317', level: 'ok', found: /^127/ },
    { endpoint: null, level: 'warning', found: /localhost:4317 \(the default\)/ },
    { endpoint: 'localhost:4317', level: 'warning', found: /::1/ },
    { endpoint: '[::1]:4317', level: 'warning', found: /::1/ },
    { endpoint: '127.0.0.1:9999', level: 'warning', found: /another port/ },
    { endpoint: 'otel.tracing.svc.cluster.local:4317', level: 'problem', found: /no Services/ },
    { endpoint: 'otel.tracing.svc:4317', level: 'problem', found: /no Services/ },
    { endpoint: '10.0.0.7:4317', level: 'warning', found: /plaintext/ },
  ];
  for (const { endpoint, level, found } of endpoints) {
    it(`judges ${endpoint}: ${level}`, () => {
      const verdict = judgeEndpoint(endpoint, 'the fix');

      assert.equal(verdict.level, level);
      assert.match(verdict.found, found);
      assert.equal(verdict.fix, level === 'ok' ? null : 'the fix');
    });
  }
});

describe('installOf', () => {
  const signs = { own: false, version: 'v1.37.0', providerIds: [], labels: [], apiServerPods: 0 };
  const cases = [
    { name: 'the cluster of up', changes: { own: true }, install: 'local' },
    {
      name: 'kind',
      changes: { providerIds: ['kind://docker/a/b'], apiServerPods: 1 },
      install: 'kind',
    },
    { name: 'static pods', changes: { apiServerPods: 3 }, install: 'kubeadm' },
    { name: 'a version of EKS', changes: { version: 'v1.34.2-eks-7f9249a' }, install: 'managed' },
    { name: 'a version of GKE', changes: { version: 'v1.34.1-gke.1293000' }, install: 'managed' },
    {
      name: 'labels of AKS',
      changes: { labels: ['kubernetes.azure.com/cluster'] },
      install: 'managed',
    },
    { name: 'nothing that tells', changes: {}, install: 'other' },
    { name: 'pods that may not be listed', changes: { apiServerPods: null }, install: 'other' },
  ];
  for (const { name, changes, install } of cases) {
    it(`takes ${name} for ${install}`, () => {
      assert.equal(installOf({ ...signs, ...changes }), install);
    });
  }
});

describe('parseVersion', () => {
  const versions = [
    { text: 'v1.37.0', version: [1, 37, 0] },
    { text: '2.4.2+unknown', version: [2, 4, 2] },
    { text: '3.6.5-0', version: [3, 6, 5] },
    { text: '1.36', version: [1, 36, 0] },
  ] as const;
  for (const { text, version } of versions) {
    it(`reads ${text}`, () => {
      const [major, minor, patch] = version;

      assert.deepEqual(parseVersion(text), { major, minor, patch });
    });
  }

  it('reads nothing else', () => {
    for (const text of ['', 'latest', '7', 'v1']) assert.equal(parseVersion(text), undefined, text);
  });
});

describe('atLeast', () => {
  it('compares major, then minor, then patch', () => {
    const version = { major: 1, minor: 34, patch: 2 };

    for (const [major, minor, patch] of [
      [0, 99, 0],
      [1, 33, 9],
      [1, 34, 2],
    ] as const)
      assert.equal(atLeast(version, major, minor, patch), true);
    for (const [major, minor, patch] of [
      [2, 0, 0],
      [1, 35, 0],
      [1, 34, 3],
    ] as const)
      assert.equal(atLeast(version, major, minor, patch), false);
  });
});
