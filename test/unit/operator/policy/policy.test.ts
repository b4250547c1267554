import assert from 'node:assert/strict';
import { mayOverlap } from '../../../../operator/policy/overlap.ts';
import { policyName, policySpec } from '../../../../operator/policy/policy.ts';
import {
  injectingProber,
  ownNamespace,
  sidecarSettings,
} from '../../../support/operator/probers.ts';

const labelled = (name: string, podSelector: object, createdMs = 1000) =>
  injectingProber({ name, way: 'policy', createdMs, spec: { podSelector } });

interface Spec {
  readonly matchConstraints: {
    readonly namespaceSelector: { readonly matchExpressions: readonly unknown[] };
    readonly objectSelector: { readonly matchExpressions: readonly unknown[] };
  };
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
}

function others(prober: ReturnType<typeof labelled>, probers: readonly (typeof prober)[]): string {
  const spec = policySpec({ prober, probers, ownNamespace, sidecar: sidecarSettings }) as Spec;
  return spec.variables.find(({ name }) => name === 'others')?.expression ?? '';
}

describe('policySpec()', () => {
  it('matches the namespaces that opted in and the pods that are selected, by selectors of Kubernetes', () => {
    const prober = injectingProber({
      spec: { namespaceSelector: { matchLabels: { team: 'a' } } },
    });
    const spec = policySpec({ prober, probers: [prober], ownNamespace, sidecar: sidecarSettings });
    const { namespaceSelector, objectSelector } = (spec as Spec).matchConstraints;

    assert.deepEqual(namespaceSelector.matchExpressions, [
      { key: 'probes.bigmikes.io/injection', operator: 'In', values: ['enabled'] },
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: ['kube-system', ownNamespace],
      },
      { key: 'team', operator: 'In', values: ['a'] },
    ]);
    assert.deepEqual(objectSelector.matchExpressions, [
      { key: 'app', operator: 'In', values: ['net-prober'] },
    ]);
  });

  it('leaves the pods of older NetworkProbers alone that may select the same ones', () => {
    const [younger, older, apart] = [
      labelled('younger', { matchLabels: { app: 'a' } }, 2000),
      labelled('older', { matchLabels: { tier: 'back' } }, 500),
      labelled('apart', { matchLabels: { app: 'b' } }),
    ];
    const all = [younger, older, apart];

    assert.match(others(younger, all), /"tier" in labels/);
    assert.doesNotMatch(others(younger, all), /"b"/);
    assert.equal(others(older, all), 'false');
  });
});

describe('mayOverlap()', () => {
  it('is sure only of labels that would need two values', () => {
    const a = labelled('a', { matchLabels: { app: 'a' } });

    assert.equal(mayOverlap(a, labelled('b', { matchLabels: { app: 'b' } })), false);
    assert.equal(mayOverlap(a, labelled('b', { matchLabels: { app: 'a', tier: 'x' } })), true);
    assert.equal(
      mayOverlap(
        a,
        labelled('b', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }),
      ),
      true,
    );
  });
});

describe('policyName()', () => {
  it('is told apart by namespace and name', () => {
    assert.equal(policyName({ namespace: 'a', name: 'b' }), 'network-prober.a.b');
  });

  it('is short enough for Kubernetes, and another for each long name', () => {
    const name = (last: string) =>
      policyName({ namespace: 'n'.repeat(63), name: 'x'.repeat(252) + last });

    assert.ok(name('a').length <= 253);
    assert.notEqual(name('a'), name('b'));
  });
});
