import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inject } from '../../../../operator/injection/inject.ts';
import type { SidecarForm } from '../../../../operator/injection/sidecar.ts';
import { validPods, type ValidPod } from '../../../support/operator/valid-pods.ts';
import { patched, pod } from '../../../support/operator/pods.ts';
import {
  image,
  injectingProber,
  optedIn,
  sidecarSettings,
  surroundings,
} from '../../../support/operator/probers.ts';

const namespace = { name: 'apps', labels: optedIn };

function around(form: SidecarForm = 'native') {
  return surroundings({ sidecar: { ...sidecarSettings, form } });
}

/** The pod as it is created. */
function injectedInto<T extends object>(object: T, form: SidecarForm = 'native'): T {
  const injection = inject(object, namespace, around(form));
  return injection.kind === 'inject' ? patched(object, injection.patch) : object;
}

type Spec = Record<'containers' | 'initContainers' | 'volumes', Record<string, unknown>[]>;

function sidecarOf(object: object, list: 'containers' | 'initContainers' = 'initContainers') {
  const { spec } = object as { spec: Spec };
  const found = spec[list].find(({ name }) => name === 'net-prober');
  assert.ok(found);
  return found;
}

describe('a patch', () => {
  for (const form of ['native', 'container'] as const) {
    it(`applies to any valid pod that it is made for, form ${form}`, () => {
      fc.assert(
        fc.property(validPods, (object) => {
          injectedInto(object, form);
        }),
      );
    });

    it(`changes nothing of a pod that has been injected, form ${form}`, () => {
      fc.assert(
        fc.property(validPods, (object) => {
          const once = injectedInto(object, form);
          assert.deepEqual(injectedInto(once, form), once);
        }),
      );
    });

    it(`keeps every value of the pod but the mark, form ${form}`, () => {
      fc.assert(
        fc.property(validPods, (object) => {
          assert.deepEqual(withoutSidecar(injectedInto(object, form), object), unmarked(object));
        }),
      );
    });
  }

  it('adds what users of the network prober operator know', () => {
    const result = injectedInto(pod());

    assert.deepEqual(result.metadata, {
      ...pod().metadata,
      annotations: {
        'netprober-container-deployed': 'true',
        'probes.bigmikes.io/network-prober': 'default/networkprober-sample',
      },
    });
    assert.deepEqual(result.spec, {
      containers: pod().spec.containers,
      initContainers: [
        {
          name: 'net-prober',
          image,
          imagePullPolicy: 'IfNotPresent',
          restartPolicy: 'Always',
          env: [
            { name: 'HTTP_PORT', value: '9090' },
            { name: 'HTTP_PROMETHEUS_PORT', value: '1222' },
            { name: 'NET_PROBER_CONFIG_FILE', value: '/etc/netprober/config.json' },
            ...[
              ['K8S_NODE_NAME', 'spec.nodeName'],
              ['K8S_NAMESPACE_NAME', 'metadata.namespace'],
              ['K8S_POD_NAME', 'metadata.name'],
            ].map(([name, fieldPath]) => ({
              name,
              valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
            })),
          ],
          ports: [
            { name: 'np-ping', containerPort: 9090, protocol: 'TCP' },
            { name: 'np-prometheus', containerPort: 1222, protocol: 'TCP' },
          ],
          resources: sidecarSettings.resources,
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            runAsUser: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          volumeMounts: [{ name: 'net-prober-vol', mountPath: '/etc/netprober', readOnly: true }],
        },
      ],
      volumes: [
        {
          name: 'net-prober-vol',
          configMap: { name: 'networkprober-sample', optional: true, defaultMode: 0o644 },
        },
      ],
    });
  });

  it('adds a plain container, without a restart policy, where there are no native sidecars', () => {
    const sidecar = sidecarOf(injectedInto(pod(), 'container'), 'containers');

    assert.equal(sidecar['restartPolicy'], undefined);
  });

  it('tells the agent by which protocols to measure where the NetworkProber does', () => {
    const probers = [injectingProber({ spec: { protocols: ['icmp', 'tcp'] } })];
    const injection = inject(pod(), namespace, surroundings({ probers }));
    assert.ok(injection.kind === 'inject');

    const { env } = sidecarOf(patched(pod(), injection.patch));

    assert.deepEqual(
      (env as { name: string; value: string }[]).find(
        ({ name }) => name === 'KUBE_LATENCY_PROTOCOLS',
      ),
      { name: 'KUBE_LATENCY_PROTOCOLS', value: 'icmp,tcp' },
    );
  });

  it('requests its limits in a pod of QoS class Guaranteed, and brings nothing where the pod has resources as a whole', () => {
    const { limits } = sidecarSettings.resources;
    const all = {
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '1000m', memory: '1024Mi' },
    };
    const guaranteed = pod({
      spec: { containers: [{ name: 'app', image: 'app:1', resources: all }] },
    });
    const whole = pod({ spec: { resources: all } });

    assert.deepEqual(sidecarOf(injectedInto(guaranteed))['resources'], {
      requests: limits,
      limits,
    });
    assert.equal(sidecarOf(injectedInto(whole))['resources'], undefined);
  });
});

describe('inject()', () => {
  it('leaves alone whatever is no pod', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.deepEqual(inject(value, namespace, around()), {
          kind: 'leave',
          reason: 'unreadable',
        });
      }),
    );
  });
});

const marks = ['netprober-container-deployed', 'probes.bigmikes.io/network-prober'];

function unmarked({ metadata, ...rest }: ValidPod): unknown {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !marks.includes(key),
  );
  return { ...rest, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } };
}

/** What is left of an injected pod when the last container and volume of our names that the pod itself had not are taken away. */
function withoutSidecar(injected: ValidPod, original: ValidPod): unknown {
  const spec: Record<string, unknown> = { ...injected.spec };
  for (const list of ['containers', 'initContainers', 'volumes']) {
    const [now, before] = [spec[list], original.spec[list]] as (unknown[] | undefined)[];
    if (now === undefined || now.length === (before?.length ?? 0)) continue;
    assert.equal(now.length, (before?.length ?? 0) + 1);
    spec[list] = before === undefined ? undefined : now.slice(0, -1);
    if (before === undefined) delete spec[list];
  }
  return unmarked({ ...injected, spec });
}
