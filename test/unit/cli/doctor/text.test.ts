import assert from 'node:assert/strict';
import { seen } from '../../../../cli/doctor/facts.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';
import { findingsText } from '../../../../cli/doctor/text.ts';
import { facts, nodeFacts } from './facts.ts';

const plain = { colour: false };
const fine: Finding = {
  component: 'kubelet',
  node: 'a',
  check: 'spans',
  level: 'ok',
  found: 'they arrive, the newest 3 s old',
  expected: 'spans arrive',
  fix: null,
};
const off: Finding = {
  ...fine,
  check: 'tracing',
  level: 'problem',
  found: 'off',
  expected: 'on',
  fix: 'in the file:\n  tracing: on',
};

describe('findingsText', () => {
  const nodes = seen([nodeFacts()]);

  it('groups by component, says once what nodes have in common, and sums up', () => {
    const findings = [
      fine,
      { ...fine, node: 'b', found: 'they arrive, the newest 9 s old' },
      off,
      { ...fine, component: 'etcd', node: null },
    ] as const;

    assert.equal(
      findingsText(facts({ nodes }), findings, plain),
      `Cluster https://10.0.0.1:6443: Kubernetes v1.37.0, 1 node, its control plane in static pods

etcd
  ok       spans  they arrive, the newest 3 s old

Kubelets
  ok       spans    they arrive (all 2 nodes)
  problem  tracing  off (a)
           expected  on
           fix       in the file:
                       tracing: on

4 checks: 1 problem, 3 ok`,
    );
  });

  it('names a few of many nodes', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ ...off, node: `n${index}` }));

    const text = findingsText(facts(), [...many, { ...fine, node: 'n9' }], plain);

    assert.match(text, /off \(9 nodes: n0, n1, \.\.\.\)/);
  });

  it('says that all is ok where it is', () => {
    assert.match(findingsText(facts(), [fine], plain), /\n1 check, all ok$/);
  });

  it('has colours on a terminal that has them, and lets no escape of a cluster through', () => {
    const text = findingsText(facts(), [{ ...off, found: '\u001b[2J' }], { colour: true });

    assert.ok(text.includes('\u001b[31mproblem'));
    assert.ok(!text.includes('\u001b[2J'));
  });
});
