import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decide,
  leaveReasons,
  mostAnnotationBytes,
  type LeaveReason,
  type Surroundings,
} from '../../../../operator/injection/decision.ts';
import { readPod } from '../../../../operator/injection/pod.ts';
import type { NamespaceFacts } from '../../../../operator/injection/prober.ts';
import { onNode, validPods } from '../../../support/operator/valid-pods.ts';
import { podFacts } from '../../../support/operator/pods.ts';
import {
  image,
  injectingProber,
  optedIn,
  ownNamespace,
  sidecarSettings,
  surroundings,
} from '../../../support/operator/probers.ts';

const namespace: NamespaceFacts = { name: 'apps', labels: optedIn };
const mark = (value: string) => ({ annotations: { 'netprober-container-deployed': value } });
const container = (more: object) => ({ name: 'app', image: 'app:1', ...more });
const unseen = new Map([[image, { everywhere: false, nodes: new Set(['n1']) }]]);

interface Case {
  readonly pod?: Parameters<typeof podFacts>[0];
  readonly namespace?: NamespaceFacts;
  readonly surroundings?: Partial<Surroundings>;
}

function decisionOf(given: Case) {
  return decide(
    podFacts(given.pod),
    given.namespace ?? namespace,
    surroundings(given.surroundings ?? {}),
  );
}

/** One case at least of each reason. */
const left: readonly (readonly [title: string, reason: LeaveReason, given: Case])[] = [
  ['in kube-system', 'system-namespace', { namespace: { name: 'kube-system', labels: optedIn } }],
  [
    'in the operator’s namespace',
    'own-namespace',
    { namespace: { name: ownNamespace, labels: optedIn } },
  ],
  [
    'in a namespace without the label',
    'namespace-not-opted-in',
    { namespace: { name: 'apps', labels: {} } },
  ],
  [
    'in a namespace whose label says otherwise',
    'namespace-not-opted-in',
    { namespace: { name: 'apps', labels: { 'probes.bigmikes.io/injection': 'disabled' } } },
  ],
  [
    'that shows a static pod',
    'mirror-pod',
    { pod: { metadata: { annotations: { 'kubernetes.io/config.mirror': 'a' } } } },
  ],
  [
    'with mark and sidecar',
    'already-injected',
    {
      pod: {
        metadata: { labels: { app: 'net-prober' }, ...mark('true') },
        spec: { initContainers: [{ name: 'net-prober', image }] },
      },
    },
  ],
  ['with the mark alone', 'opted-out', { pod: { metadata: mark('true') } }],
  ['with other labels', 'no-prober', { pod: { metadata: { labels: { app: 'other' } } } }],
  ['without labels', 'no-prober', { pod: { metadata: { labels: undefined } } }],
  [
    'in a namespace that no NetworkProber wants',
    'no-prober',
    {
      surroundings: {
        probers: [injectingProber({ spec: { namespaceSelector: { matchLabels: { team: 'a' } } } })],
      },
    },
  ],
  [
    'of a NetworkProber that asks for policies that are not there',
    'no-policies',
    { surroundings: { probers: [injectingProber({ way: 'none' })] } },
  ],
  ['for Windows', 'not-linux', { pod: { spec: { os: { name: 'windows' } } } }],
  [
    'for nodes with Windows',
    'not-linux',
    { pod: { spec: { nodeSelector: { 'kubernetes.io/os': 'windows' } } } },
  ],
  ['on its node’s network', 'host-network', { pod: { spec: { hostNetwork: true } } }],
  [
    'with a container of the sidecar’s name',
    'name-taken',
    { pod: { spec: { containers: [container({ name: 'net-prober' })] } } },
  ],
  [
    'with a volume of the sidecar’s name',
    'name-taken',
    { pod: { spec: { volumes: [{ name: 'net-prober-vol', emptyDir: {} }] } } },
  ],
  [
    'with a container on the ping port',
    'port-taken',
    { pod: { spec: { containers: [container({ ports: [{ containerPort: 9090 }] })] } } },
  ],
  [
    'with a sidecar on the metrics port',
    'port-taken',
    {
      pod: {
        spec: {
          initContainers: [
            container({ name: 'other', restartPolicy: 'Always', ports: [{ containerPort: 1222 }] }),
          ],
        },
      },
    },
  ],
  [
    'with a port that is named as ours',
    'port-taken',
    {
      pod: {
        spec: { containers: [container({ ports: [{ containerPort: 1, name: 'np-ping' }] })] },
      },
    },
  ],
  [
    'with a UDP port where probes go by UDP',
    'port-taken',
    {
      pod: {
        spec: { containers: [container({ ports: [{ containerPort: 8862, protocol: 'UDP' }] })] },
      },
      surroundings: { probers: [injectingProber({ spec: { protocols: ['udp'] } })] },
    },
  ],
  [
    'of a Job, without native sidecars',
    'runs-to-completion',
    {
      pod: { spec: { restartPolicy: 'OnFailure' } },
      surroundings: { sidecar: { ...sidecarSettings, form: 'container' } },
    },
  ],
  [
    'with full annotations',
    'annotations-full',
    {
      pod: {
        metadata: {
          annotations: { note: 'ö'.repeat(mostAnnotationBytes / 2 - 20) },
          labels: { app: 'net-prober' },
        },
      },
    },
  ],
  ['whose image nobody tried', 'image-not-seen', { surroundings: { seenImages: new Map() } }],
  [
    'that may run where its image was not tried',
    'image-not-seen',
    { surroundings: { seenImages: unseen } },
  ],
  [
    'bound to a node where its image was not tried',
    'image-not-seen',
    { pod: { spec: { nodeName: 'n2' } }, surroundings: { seenImages: unseen } },
  ],
];

const injected: readonly (readonly [title: string, given: Case])[] = [
  ['that a NetworkProber matches', {}],
  [
    'whose mark says other than true',
    { pod: { metadata: { labels: { app: 'net-prober' }, ...mark('false') } } },
  ],
  ['of a Job, as a native sidecar', { pod: { spec: { restartPolicy: 'Never' } } }],
  [
    'whose other containers end before the sidecar begins',
    {
      pod: {
        spec: { initContainers: [container({ name: 'i', ports: [{ containerPort: 9090 }] })] },
      },
    },
  ],
  [
    'with a UDP port of the same number',
    {
      pod: {
        spec: { containers: [container({ ports: [{ containerPort: 9090, protocol: 'UDP' }] })] },
      },
    },
  ],
  [
    'bound to a node where its image was tried',
    { pod: { spec: { nodeName: 'n1' } }, surroundings: { seenImages: unseen } },
  ],
  [
    'of a DaemonSet, for a node where its image was tried',
    { pod: { spec: { affinity: onNode('n1') } }, surroundings: { seenImages: unseen } },
  ],
];

describe('decide()', () => {
  for (const [title, reason, given] of left)
    it(`leaves a pod ${title}: ${reason}`, () => {
      const decision = decisionOf(given);

      assert.equal(decision.kind === 'leave' && decision.reason, reason);
    });

  for (const [title, given] of injected)
    it(`injects into a pod ${title}`, () => {
      assert.equal(decisionOf(given).kind, 'inject');
    });

  it('has a case here for each reason', () => {
    assert.deepEqual(
      leaveReasons.map(({ reason }) => reason).toSorted(),
      [...new Set(left.map(([, reason]) => reason))].toSorted(),
    );
  });

  it('tells whose pod is left', () => {
    const decision = decisionOf({ pod: { spec: { hostNetwork: true } } });

    assert.equal(decision.prober?.name, 'networkprober-sample');
  });

  it('lets the older one of two NetworkProbers have a pod, also where it cannot inject', () => {
    const older = injectingProber({ name: 'z', createdMs: 1000, spec: { httpPort: '80' } });
    const younger = injectingProber({ name: 'a', createdMs: 2000 });
    const ports = { spec: { containers: [container({ ports: [{ containerPort: 80 }] })] } };
    const among = { surroundings: { probers: [younger, older] } };

    const [free, taken] = [decisionOf(among), decisionOf({ ...among, pod: ports })];

    assert.equal(free.prober?.name, 'z');
    assert.deepEqual([taken.kind, taken.prober?.name], ['leave', 'z']);
  });

  it('comes to one decision about any valid pod, in any order of NetworkProbers', () => {
    const probers = [
      injectingProber({
        name: 'a',
        createdMs: 1000,
        spec: { podSelector: { matchLabels: { tier: 'back' } } },
      }),
      injectingProber({ name: 'b', createdMs: 1000 }),
      injectingProber({
        name: 'c',
        createdMs: 3000,
        spec: { podSelector: {}, selectAllPods: true },
      }),
    ];
    const reasons = new Set<string>(leaveReasons.map(({ reason }) => reason));

    fc.assert(
      fc.property(validPods, fc.shuffledSubarray(probers, { minLength: 3 }), (object, shuffled) => {
        const facts = readPod(object);
        assert.ok(facts);
        const first = decide(facts, namespace, surroundings({ probers }));
        const second = decide(facts, namespace, surroundings({ probers: shuffled }));
        assert.deepEqual(second, first);
        assert.ok(first.kind === 'inject' || reasons.has(first.reason));
      }),
    );
  });
});
