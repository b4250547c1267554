import assert from 'node:assert/strict';
import { checkProber } from '../../../../../cli/doctor/checks/prober.ts';
import { checkCorrelatorRights, probeRights } from '../../../../../cli/doctor/checks/rights.ts';
import { hidden, seen, type Certificate, type Facts } from '../../../../../cli/doctor/facts.ts';
import { facts, findingOf, nowMs } from '../facts.ts';

const dayMs = 24 * 3_600_000;

function prober(changes: Partial<Facts['prober']>): Partial<Facts> {
  return { prober: { ...facts().prober, ...changes } };
}

describe('checkProber', () => {
  const ends = [
    { days: 90, level: 'ok', found: /^ends in 90 days, 2027-02-19$/ },
    { days: 29, level: 'warning', found: /^ends in 29 days/ },
    { days: -1, level: 'problem', found: /^ended 2026-11-20$/ },
  ];
  for (const { days, level, found } of ends) {
    it(`judges a certificate that ends in ${days} days: ${level}`, () => {
      const certificate = {
        ...certificateOf(['system:monitoring']),
        notAfterMs: nowMs + days * dayMs,
      };

      const finding = findingOf(checkProber(facts(prober({ certificate }))), 'certificate');

      assert.equal(finding.level, level);
      assert.match(finding.found, found);
    });
  }

  it('warns of an identity whose traces are joined by links alone, and says how to get another', () => {
    const user = seen({ name: 'system:serviceaccount:a:b', groups: ['system:serviceaccounts'] });

    const findings = checkProber(facts(prober({ user, certificate: null })));

    const { level, fix } = findingOf(findings, 'identity');
    assert.equal(level, 'warning');
    assert.match(fix ?? '', /signerName: kubernetes\.io\/kube-apiserver-client/);
  });

  it('believes the API server more than the certificate', () => {
    const user = seen({ name: 'prober', groups: ['system:authenticated'] });

    assert.equal(findingOf(checkProber(facts(prober({ user }))), 'identity').level, 'warning');
  });

  it('believes the certificate where the API server does not say', () => {
    const finding = findingOf(checkProber(facts(prober({ user: hidden('no') }))), 'identity');

    assert.equal(finding.level, 'ok');
  });

  it('does not know a token whose owner the API server does not tell', () => {
    const changes = prober({ user: hidden('no'), certificate: null });

    assert.equal(findingOf(checkProber(facts(changes)), 'identity').level, 'unknown');
  });

  it('names the rights that are missing, and the commands that grant them', () => {
    const user = seen({ name: 'system:serviceaccount:probes:prober', groups: [] });
    const rights = probeRights('probes').map((right) => ({
      ...right,
      allowed: seen(right.verb !== 'watch'),
    }));

    const { level, found, fix } = findingOf(checkProber(facts(prober({ user, rights }))), 'rights');

    assert.equal(level, 'problem');
    assert.equal(found, 'missing: pods (watch) and events (watch) in namespace probes');
    assert.match(
      fix ?? '',
      /^kubectl create role \S+ --namespace=probes --verb=watch --resource=pods$/m,
    );
    assert.match(fix ?? '', /rolebinding .* --serviceaccount=probes:prober$/m);
  });
});

describe('checkCorrelatorRights', () => {
  it('grants them in all namespaces', () => {
    const rights = [
      { verb: 'watch', resource: 'pods', namespace: null, allowed: seen(false) },
    ] as const;

    const [finding] = checkCorrelatorRights(facts({ correlator: seen({ user: 'c', rights }) }));

    assert.equal(finding?.level, 'problem');
    assert.match(finding?.fix ?? '', /create clusterrole \S+ --verb=watch --resource=pods/);
  });

  it('does not know them where it may not ask', () => {
    const allowed = hidden('subjectaccessreviews is forbidden');
    const rights = [{ verb: 'watch', resource: 'pods', namespace: null, allowed }] as const;

    const [finding] = checkCorrelatorRights(facts({ correlator: seen({ user: 'c', rights }) }));

    assert.equal(finding?.level, 'unknown');
  });
});

function certificateOf(organisations: readonly string[]): Certificate {
  return { commonName: 'prober', organisations, notAfterMs: nowMs + 300 * dayMs };
}
