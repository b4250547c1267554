import assert from 'node:assert/strict';

import {
  daemonSetFacts,
  pingerConfig,
  wantedDaemonSet,
} from '../../../../operator/pingers/daemon-set.ts';
import { pingerProgress } from '../../../../operator/pingers/progress.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { readYaml } from '../../manifests/objects.ts';
import { prober } from '../controller/made.ts';

const namespaces = new Map([
  ['shop', { team: 'shop' }],
  ['bank', { team: 'bank' }],
]);

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

function containerOf(daemonSet: unknown): Container {
  const { spec } = daemonSet as {
    spec: { template: { spec: { containers: readonly [Container] } } };
  };
  return spec.template.spec.containers[0];
}

function input(spec: Readonly<Record<string, unknown>> = {}) {
  const made = prober({ spec: { mode: 'daemonset', ...spec } });
  return { prober: made, namespaces, namespace: 'kube-latency', serviceAccount: 'pinger' };
}

const parsed = (spec?: Readonly<Record<string, unknown>>) =>
  configSchema.parse(pingerConfig(input(spec)));

describe('the pingers of mode daemonset', () => {
  it('ask the selected pods of all namespaces by ICMP, as often and where the NetworkProber says', () => {
    const { peers, protocols, interval, ports } = parsed();

    assert.deepEqual(peers.kubernetes?.pods, [{ labels: {}, selector: 'app in (net-prober)' }]);
    assert.deepEqual([protocols, interval], [['icmp'], 10_000]);
    assert.deepEqual([ports.ping, ports.metrics, ports.http], [9090, 1222, 9090]);
  });

  it('ask those of the namespaces that are selected', () => {
    const { peers } = parsed({ namespaceSelector: { matchLabels: { team: 'shop' } } });

    assert.deepEqual(peers.kubernetes?.pods[0]?.namespaces, ['shop']);
  });

  for (const spec of [
    { pollingPeriod: '10ms' },
    { pollingPeriod: '1h' },
    { pollingPeriod: '12345us' },
    { podSelector: {}, selectAllPods: true },
    { protocols: ['icmp', 'udp', 'tcp', 'http'], topology: { maxPeers: 20_000 } },
  ])
    it(`have a configuration that the pinger takes with ${JSON.stringify(spec)}`, () => {
      assert.doesNotThrow(() => parsed(spec));
    });

  it('are another DaemonSet where anything differs, and the same one where nothing does', () => {
    const hash = (spec?: Readonly<Record<string, unknown>>) => wantedDaemonSet(input(spec)).hash;

    assert.equal(hash(), hash());
    for (const spec of [{ agentImage: 'other:1' }, { pollingPeriod: '5s' }, { httpPort: '9' }])
      assert.notEqual(hash(spec), hash());
  });

  it('run with the flags and the malloc of component rtt', () => {
    const ofComponent = containerOf(
      readYaml('manifests/components/rtt/pinger/daemon-set-rtt-pinger.yaml'),
    );
    const made = containerOf(wantedDaemonSet(input()).object);
    const flags = ({ args }: Container): readonly string[] =>
      args.slice(0, args.indexOf('/app/rtt-pinger/main.mjs'));
    const malloc = ({ env }: Container) => env.filter(({ name }) => name.startsWith('MALLOC_'));

    assert.ok(flags(made).length > 0 && malloc(made).length > 0);
    assert.deepEqual(flags(made), flags(ofComponent));
    assert.deepEqual(malloc(made), malloc(ofComponent));
  });

  it('are read back as they were written, and how many of them run', () => {
    const { object, name, hash } = wantedDaemonSet(input());

    assert.deepEqual(
      daemonSetFacts({ ...object, status: { desiredNumberScheduled: 3, numberReady: 2 } }),
      [{ name, proberUid: 'uid-a-mesh', hash, desired: 3, ready: 2 }],
    );
    assert.deepEqual(daemonSetFacts({ metadata: { name: 'other' } }), []);
  });

  it('are pending until the last of them runs', () => {
    const facts = { name: 'set', proberUid: 'uid-a-mesh', hash: 'x', desired: 3, ready: 2 };
    const of = (observed: (typeof facts)[], problem?: string) =>
      pingerProgress(prober(), { observed: () => observed, problem: () => problem });

    assert.deepEqual(of([]).pending, ['the DaemonSet of the pingers']);
    assert.deepEqual(of([facts]).pending, ['1 of 3 pingers of DaemonSet set']);
    assert.deepEqual(of([{ ...facts, ready: 3 }]).pending, []);
    assert.deepEqual(of([facts], 'refused').failed, ['DaemonSet set: refused']);
  });
});
