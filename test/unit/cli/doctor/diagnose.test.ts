import assert from 'node:assert/strict';
import { diagnose, summaryOf } from '../../../../cli/doctor/diagnose.ts';
import { components } from '../../../../cli/doctor/finding.ts';
import { hidden } from '../../../../cli/doctor/facts.ts';
import { facts } from './facts.ts';

describe('diagnose', () => {
  it('finds nothing but ok where all is well, for every component', () => {
    const findings = diagnose(facts());

    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
    assert.deepEqual(new Set(findings.map(({ component }) => component)), new Set(components));
  });

  it('finds no problem where nothing may be seen, and says so of each component', () => {
    const why = hidden('you may not');
    const nothing = facts({
      version: why,
      install: 'other',
      apiServers: why,
      flagz: why,
      etcds: why,
      nodes: why,
      arrivals: why,
      correlator: why,
      collectors: why,
      clocks: { apiServer: { loNs: null, hiNs: null }, nodes: new Map() },
      prober: { origin: 'a token', namespace: 'default', certificate: null, user: why, rights: [] },
    });

    const { problem, unknown } = summaryOf(diagnose(nothing));

    assert.equal(problem, 0);
    assert.ok(unknown >= 9, `${unknown} unknown`);
  });
});
