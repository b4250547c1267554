import assert from 'node:assert/strict';

import { comparePrecedence, readNetworkProber } from '../../../operator/network-prober.ts';
import { networkProber } from '../../support/network-probers.ts';

const stored = (spec: Readonly<Record<string, unknown>> = {}, metadata: object = {}) => {
  const object = networkProber({ spec });
  const given = { uid: 'u', generation: 3, creationTimestamp: '2026-01-05T08:00:00Z', ...metadata };
  return { ...object, metadata: { ...object.metadata, ...given } };
};

describe('readNetworkProber', () => {
  it('reads the sample, with ports as numbers, the period in nanoseconds, and defaults', () => {
    const read = readNetworkProber(stored());

    assert.ok(read?.kind === 'valid');
    assert.equal(read.generation, 3);
    assert.equal(read.deleted, false);
    assert.deepEqual(read.spec, {
      podSelector: [{ key: 'app', operator: 'In', values: ['net-prober'] }],
      selectAllPods: false,
      httpPort: 9090,
      pollingPeriod: 10_000_000_000n,
      httpPrometheusPort: 1222,
      agentImage: 'bigmikes/kube-net-prober:test-version-v8',
      mode: 'auto',
      topology: { maxPeers: 1000 },
    });
  });

  it('tells every problem of an object that is older than the rules, with field and value', () => {
    const read = readNetworkProber(
      stored({ httpPort: '0', pollingPeriod: 'soon', podSelector: {}, agentImage: undefined }),
    );

    assert.ok(read?.kind === 'invalid');
    assert.match(read.problems, /spec\.httpPort: expected a port from 1 to 65535 as text, got "0"/);
    assert.match(read.problems, /spec\.pollingPeriod: expected a duration .*, got "soon"/);
    assert.match(read.problems, /spec\.agentImage: /);
  });

  it('refuses an empty selector that nobody confirmed, and one port for both', () => {
    const empty = readNetworkProber(stored({ podSelector: {} }));
    const same = readNetworkProber(stored({ httpPort: '1222' }));

    assert.match(
      empty?.kind === 'invalid' ? empty.problems : '',
      /spec\.podSelector: .*selectAllPods/,
    );
    assert.match(same?.kind === 'invalid' ? same.problems : '', /spec\.httpPrometheusPort: /);
    assert.equal(
      readNetworkProber(stored({ podSelector: {}, selectAllPods: true }))?.kind,
      'valid',
    );
  });

  it('gives nothing for what is no object of the API server', () => {
    for (const wrong of [undefined, null, {}, networkProber()])
      assert.equal(readNetworkProber(wrong), undefined);
  });
});

describe('precedence', () => {
  it('is that of the older object, then of namespace and name', () => {
    const of = (name: string, namespace: string, second: number) => {
      const creationTimestamp = `2026-01-05T08:00:0${second}Z`;
      const read = readNetworkProber(stored({}, { name, namespace, creationTimestamp }));
      assert.ok(read);
      return read;
    };
    const sorted = [of('b', 'b', 1), of('a', 'b', 1), of('z', 'a', 1), of('z', 'z', 0)].toSorted(
      comparePrecedence,
    );

    assert.deepEqual(
      sorted.map(({ namespace, name }) => `${namespace}/${name}`),
      ['z/z', 'a/z', 'b/a', 'b/b'],
    );
  });
});
