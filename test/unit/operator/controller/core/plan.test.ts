import assert from 'node:assert/strict';

import { plan } from '../../../../../operator/controller/core/plan.ts';
import type { Selection } from '../../../../../operator/controller/core/ownership.ts';
import { namespaces, pod, prober, surroundings, without } from '../made.ts';

const ownNamespace = 'kube-latency';
const planned = (...selections: Selection[]) =>
  plan({
    selections,
    namespaces,
    surroundings: surroundings(selections.map((each) => each.prober)),
  });
const only = (...selections: Selection[]) => {
  const [first] = planned(...selections);
  assert.ok(first);
  return first;
};
const endpoints = (text: string | undefined): Record<string, object> => {
  assert.ok(text !== undefined);
  return (JSON.parse(text) as { endpointsMap: Record<string, object> }).endpointsMap;
};

const takesPort = {
  name: 'app',
  restartPolicy: undefined,
  ports: [{ name: undefined, containerPort: 9090, protocol: undefined }],
  resources: undefined,
};

describe('the plan of a NetworkProber', () => {
  it('has one file in each namespace that has sidecars, with all peers in it', () => {
    const { files, peers } = only({
      prober: prober(),
      pods: [
        pod(),
        pod({ namespace: 'b', name: 'web-2', address: 'fd00::2' }),
        pod({ namespace: 'c', name: 'web-3', ...without() }),
      ],
    });

    assert.deepEqual([...files.keys()], ['a', 'b']);
    assert.equal(peers.length, 2);
    for (const [file, ...others] of files.values()) {
      assert.deepEqual([file?.name, file?.file, others.length], ['mesh', 'config.json', 0]);
      assert.deepEqual(JSON.parse(file?.text ?? ''), {
        endpointsMap: {
          'web-1': { ip: '10.0.0.1', port: '9090' },
          'web-2': { ip: 'fd00::2', port: '9090' },
        },
        pollingPeriod: 10_000_000_000,
      });
    }
  });

  it('tells pods of one name in two namespaces apart, and leaves the names of others as they are', () => {
    const { files } = only({
      prober: prober(),
      pods: [
        pod({ name: 'web-0' }),
        pod({ name: 'web-0', namespace: 'b', address: '10.0.0.2' }),
        pod({ name: 'db-0', namespace: 'b', address: '10.0.0.3' }),
      ],
    });

    assert.deepEqual(Object.keys(endpoints(files.get('a')?.[0]?.text)), [
      'a/web-0',
      'db-0',
      'b/web-0',
    ]);
  });

  it('has a file, but no peer, for sidecars of pods that do not run yet or have no address', () => {
    const { files, peers, selected } = only({
      prober: prober(),
      pods: [pod({ running: false }), pod({ namespace: 'b', address: '' })],
    });

    assert.deepEqual([selected, peers.length], [2, 0]);
    assert.deepEqual(endpoints(files.get('a')?.[0]?.text), {});
    assert.deepEqual([...files.keys()], ['a', 'b']);
  });

  it('asks a sidecar at the port at which it was told to listen', () => {
    const { files } = only({
      prober: prober({ spec: { httpPort: '9999' } }),
      pods: [pod(), pod({ name: 'web-2', sidecar: { prober: '', configMap: 'mesh', port: 0 } })],
    });

    assert.deepEqual(endpoints(files.get('a')?.[0]?.text), {
      'web-1': { ip: '10.0.0.1', port: '9090' },
      'web-2': { ip: '10.0.0.1', port: '9999' },
    });
  });

  it('looks into the namespaces that its selector selects, and into no other', () => {
    const spec = {
      namespaceSelector: {
        matchExpressions: [
          { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['b'] },
        ],
      },
    };
    const { selected, files } = only({
      prober: prober({ spec }),
      pods: [pod(), pod({ namespace: 'b' }), pod({ namespace: 'nowhere' })],
    });

    assert.deepEqual([selected, [...files.keys()]], [1, ['a']]);
  });

  it('says which pods have no sidecar, and why', () => {
    const closed = new Map([...namespaces, ['closed', {}]]);
    const [first] = plan({
      selections: [
        {
          prober: prober(),
          pods: [
            pod({ namespace: 'closed', ...without() }),
            pod({ name: 'web-2', ...without({ hostNetwork: true }) }),
            pod({
              name: 'web-5',
              ...without({ annotations: { 'netprober-container-deployed': 'true' } }),
            }),
            pod({ name: 'web-6', ...without({ containers: [takesPort] }) }),
            pod({ name: 'web-3', ...without() }),
            pod({ namespace: 'kube-system', ...without() }),
            pod({ namespace: ownNamespace, ...without() }),
            pod({ name: 'web-4' }),
          ],
        },
      ],
      namespaces: closed,
      surroundings: surroundings([prober()]),
    });

    assert.deepEqual(first?.missed, [
      { pod: 'a/web-2', reason: 'host-network' },
      { pod: 'a/web-3', reason: 'not-injected' },
      { pod: 'a/web-5', reason: 'opted-out' },
      { pod: 'a/web-6', reason: 'port-taken' },
      { pod: 'closed/web-1', reason: 'namespace-not-opted-in' },
      { pod: 'kube-latency/web-1', reason: 'own-namespace' },
      { pod: 'kube-system/web-1', reason: 'system-namespace' },
    ]);
  });

  it('has every selected pod as a peer in modes none and daemonset, and files in mode none alone', () => {
    const pods = [pod(without()), pod({ name: 'web-2', address: '', ...without() })];
    const none = only({ prober: prober({ spec: { mode: 'none' } }), pods });
    const daemonset = only({ prober: prober({ spec: { mode: 'daemonset' } }), pods });

    for (const each of [none, daemonset]) {
      assert.deepEqual(
        each.peers.map(({ key, port }) => [key, port]),
        [['a/web-1', 9090]],
      );
      assert.deepEqual(each.missed, []);
    }
    assert.deepEqual([none.files.size, daemonset.files.size], [1, 0]);
  });
});

describe('the plans of two NetworkProbers that select the same pod', () => {
  const older = prober({ namespace: 'b', name: 'older' });
  const younger = prober({
    name: 'younger',
    metadata: { creationTimestamp: '2026-01-05T08:00:01Z' },
  });

  it('give it to the older one, and say so to the other', () => {
    const pods = [pod(without()), pod({ name: 'web-2', ...without() })];
    const plans = planned({ prober: younger, pods }, { prober: older, pods: pods.slice(0, 1) });

    assert.deepEqual(
      plans.map(({ prober: { name }, missed, others }) => [name, missed.length, [...others]]),
      [
        ['older', 1, []],
        ['younger', 1, [['b/older', 1]]],
      ],
    );
  });

  it('leave it to the one whose sidecar it has', () => {
    const pods = [pod({ sidecar: { prober: 'a/younger', configMap: 'younger', port: 9090 } })];
    const plans = planned({ prober: younger, pods }, { prober: older, pods });

    assert.deepEqual(
      plans.map(({ peers, others }) => [peers.length, [...others]]),
      [
        [0, [['a/younger', 1]]],
        [1, []],
      ],
    );
  });

  it('give it to none where its sidecar belongs to one that selects it no more', () => {
    const pods = [pod({ sidecar: { prober: 'c/gone', configMap: 'gone', port: 9090 } })];
    const plans = planned({ prober: older, pods });

    assert.deepEqual([plans[0]?.peers, [...(plans[0]?.others ?? [])]], [[], [['c/gone', 1]]]);
  });

  it('in modes that inject nothing have it both', () => {
    const of = (name: string, mode: string) => prober({ name, spec: { mode } });
    const plans = planned(
      ...[of('one', 'daemonset'), of('two', 'daemonset'), of('three', 'none')].map((each) => ({
        prober: each,
        pods: [pod(without())],
      })),
    );

    assert.deepEqual(
      plans.map(({ peers }) => peers.length),
      [1, 1, 1],
    );
  });
});

describe('the plans of two NetworkProbers of one name', () => {
  it('have one ConfigMap in a namespace, that of the older one, and the other is told', () => {
    const [one, two] = [prober({ namespace: 'a' }), prober({ namespace: 'b' })];
    const of = (namespace: string, name: string, whose: string) =>
      pod({ namespace, name, sidecar: { prober: whose, configMap: 'mesh', port: 9090 } });
    const plans = planned(
      { prober: two, pods: [of('c', 'web-2', 'b/mesh'), of('b', 'web-3', 'b/mesh')] },
      { prober: one, pods: [of('c', 'web-1', 'a/mesh')] },
    );

    assert.deepEqual(
      plans.map(({ files, taken }) => [[...files.keys()], [...taken]]),
      [
        [['c'], []],
        [['b'], [['c', 'a/mesh']]],
      ],
    );
  });
});
