import assert from 'node:assert/strict';

import type { Owner } from '../../../../receivers/pod-prober/owner.ts';
import { probePod } from '../../../../receivers/pod-prober/pod-spec.ts';

interface Pod {
  readonly metadata: {
    readonly labels: object;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly { readonly uid: string }[];
  };
  readonly spec: {
    readonly activeDeadlineSeconds: number;
    readonly automountServiceAccountToken?: boolean;
    readonly nodeName?: string;
    readonly nodeSelector?: object;
    readonly securityContext: object;
    readonly containers: readonly {
      readonly command?: readonly string[];
      readonly securityContext: object;
    }[];
  };
}

const self: Owner = { kind: 'pod', namespace: 'probes', name: 'prober-1', uid: 'uid-9' };

function make(changes: { owner?: Owner; node?: string; command?: string[] } = {}): Pod {
  const options = {
    image: 'pause',
    command: changes.command ?? [],
    node: changes.node,
    resources: { cpu: '10m', memory: '16Mi' },
    annotationKey: 'tracing.k8s.io/traceparent',
  };
  return probePod(options, {
    namespace: 'probes',
    name: 'probe-0123456789abcdef',
    main: {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    },
    owner: changes.owner ?? self,
    deadlineMs: 0,
    activeDeadlineSeconds: 420,
  }) as Pod;
}

describe('probePod', () => {
  it('carries the trace context, the owner and the deadline', () => {
    const { annotations, labels } = make().metadata;

    assert.deepEqual(annotations, {
      'tracing.k8s.io/traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'kube-latency/owner': 'pod/probes/prober-1/uid-9',
      'kube-latency/deadline': '1970-01-01T00:00:00.000Z',
    });
    assert.deepEqual(labels, { app: 'probe' });
  });

  it('is owned by the pod that probes where both share a namespace', () => {
    assert.deepEqual(
      make().metadata.ownerReferences.map(({ uid }) => uid),
      ['uid-9'],
    );
  });

  it('is owned by no pod of another namespace, for the garbage collector would delete it at once', () => {
    assert.deepEqual(make({ owner: { ...self, namespace: 'other' } }).metadata.ownerReferences, []);
  });

  it('satisfies the restricted Pod Security level', () => {
    const { spec } = make();

    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(spec.containers[0]?.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('leaves the choice of the node to the scheduler although one is named', () => {
    const { spec } = make({ node: 'worker' });

    assert.equal(spec.nodeName, undefined);
    assert.deepEqual(spec.nodeSelector, { 'kubernetes.io/hostname': 'worker' });
  });

  it('keeps the token that other pods have, and the command of the image', () => {
    const { spec } = make();

    assert.equal(spec.automountServiceAccountToken, undefined);
    assert.equal(spec.containers[0]?.command, undefined);
    assert.deepEqual(make({ command: ['sleep', '60'] }).spec.containers[0]?.command, [
      'sleep',
      '60',
    ]);
  });

  it('ends by itself', () => {
    assert.equal(make().spec.activeDeadlineSeconds, 420);
  });
});
