import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  authorityLifeMs,
  nextStep,
  servingLifeMs,
  settleMs,
  type CertificateFacts,
  type CertificateStep,
  type Lifetime,
} from '../../../../operator/certificates/plan.ts';

const dayMs = 24 * 3600 * 1000;
const born = 1_800_000_000_000;

function authority(madeMs: number): Lifetime {
  return { madeMs, endsMs: madeMs + authorityLifeMs };
}

function serving(madeMs: number, signedBy = 0, fits = true): CertificateFacts['serving'] {
  return { madeMs, endsMs: madeMs + servingLifeMs, signedBy, fits };
}

/** What is there after a step, as it would be made. */
function after(
  step: Exclude<CertificateStep, { kind: 'keep' }>,
  facts: CertificateFacts | undefined,
  nowMs: number,
): CertificateFacts {
  if (facts === undefined || step.kind === 'begin')
    return { authorities: [authority(nowMs)], serving: serving(nowMs) };
  switch (step.kind) {
    case 'add-authority':
      return { ...facts, authorities: [...facts.authorities, authority(nowMs)] };
    case 'issue':
      return { ...facts, serving: serving(nowMs, step.by) };
    case 'drop':
      return {
        authorities: facts.authorities.slice(step.count),
        serving: { ...facts.serving, signedBy: facts.serving.signedBy - step.count },
      };
  }
}

describe('nextStep()', () => {
  const settled = born + settleMs;
  const cases: readonly (readonly [
    string,
    CertificateFacts | undefined,
    number,
    CertificateStep,
  ])[] = [
    ['begins where there is nothing', undefined, born, { kind: 'begin' }],
    [
      'begins anew where every authority has ended',
      { authorities: [authority(born)], serving: serving(born) },
      born + authorityLifeMs,
      { kind: 'begin' },
    ],
    [
      'looks again when what is new is known to all',
      { authorities: [authority(born)], serving: serving(born) },
      born,
      { kind: 'keep', untilMs: settled },
    ],
    [
      'keeps a certificate for two thirds of its life',
      { authorities: [authority(born)], serving: serving(born) },
      settled,
      { kind: 'keep', untilMs: born + 40 * dayMs },
    ],
    [
      'issues another one then',
      { authorities: [authority(born)], serving: serving(born) },
      born + 40 * dayMs,
      { kind: 'issue', by: 0 },
    ],
    [
      'issues another one where nobody known has signed it',
      { authorities: [authority(born)], serving: serving(born, -1) },
      settled,
      { kind: 'issue', by: 0 },
    ],
    [
      'issues another one where the names have changed',
      { authorities: [authority(born)], serving: serving(born, 0, false) },
      settled,
      { kind: 'issue', by: 0 },
    ],
    [
      'adds an authority when two thirds of the last one’s life are over',
      { authorities: [authority(born - 487 * dayMs)], serving: serving(born) },
      settled,
      { kind: 'add-authority' },
    ],
    [
      'goes on with the old authority while the new one is not known to all',
      {
        authorities: [authority(born - 487 * dayMs), authority(born)],
        serving: serving(born - dayMs),
      },
      born + 1,
      { kind: 'keep', untilMs: settled },
    ],
    [
      'has the new authority sign when it is known',
      {
        authorities: [authority(born - 487 * dayMs), authority(born)],
        serving: serving(born - dayMs),
      },
      settled,
      { kind: 'issue', by: 1 },
    ],
    [
      'keeps the old authority while a replica may serve what it signed',
      {
        authorities: [authority(born - 487 * dayMs), authority(born - dayMs)],
        serving: serving(born, 1),
      },
      born + 1,
      { kind: 'keep', untilMs: settled },
    ],
    [
      'forgets the old authority after that',
      {
        authorities: [authority(born - 487 * dayMs), authority(born - dayMs)],
        serving: serving(born, 1),
      },
      settled,
      { kind: 'drop', count: 1 },
    ],
  ];
  for (const [title, facts, nowMs, step] of cases)
    it(title, () => {
      assert.deepEqual(nextStep(facts, nowMs), step);
    });

  it('serves, through six years and absences of a fortnight, nothing that has ended or whose authority is not known to all', () => {
    const absences = fc.array(fc.integer({ min: 1, max: 14 * 24 * 60 }), {
      minLength: 300,
      maxLength: 600,
    });
    fc.assert(
      fc.property(absences, (minutes) => {
        let nowMs = born;
        let facts: CertificateFacts | undefined;
        for (const absence of minutes) {
          for (let steps = 0; ; steps++) {
            assert.ok(steps < 5, 'comes to an end');
            const step = nextStep(facts, nowMs);
            if (step.kind === 'keep') {
              assert.ok(step.untilMs > nowMs);
              break;
            }
            assert.ok(step.kind !== 'begin' || facts === undefined, 'never from nothing again');
            facts = after(step, facts, nowMs);
            assertServed(facts, nowMs);
          }
          nowMs += absence * 60_000;
          assertServed(facts, nowMs);
        }
      }),
      { numRuns: 30 },
    );
  });
});

function assertServed(facts: CertificateFacts | undefined, nowMs: number): void {
  assert.ok(facts);
  const { authorities, serving: served } = facts;
  const signer = authorities[served.signedBy];
  assert.ok(signer, 'its authority is there');
  assert.ok(served.endsMs > nowMs && signer.endsMs > nowMs, 'neither has ended');
  assert.ok(
    served.madeMs === signer.madeMs || signer.madeMs + settleMs <= served.madeMs,
    'its authority was known when it was signed',
  );
  assert.ok(authorities.length <= 2);
}
