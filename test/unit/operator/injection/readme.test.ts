import assert from 'node:assert/strict';
import { leaveReasons, type LeaveReason } from '../../../../operator/injection/decision.ts';
import { sidecarContainer } from '../../../../operator/injection/sidecar.ts';
import { reviewOutcomes } from '../../../../operator/webhook/outcomes.ts';
import { readmeAt } from '../../../support/readme.ts';
import { injectingProber, sidecarSettings } from '../../../support/operator/probers.ts';

const readme = readmeAt('operator/injection');

describe('README of injection', () => {
  it('tells every outcome of a request but the rows', () => {
    const rows: readonly string[] = leaveReasons.map(({ reason }): LeaveReason => reason);

    assert.deepEqual(
      readme.table(['outcome', 'what became of the pod']),
      reviewOutcomes
        .filter(({ reason }) => !rows.includes(reason))
        .map(({ reason, meaning }) => [`\`${reason}\``, meaning]),
    );
  });

  it('tells every variable that a sidecar gets', () => {
    const spec = { protocols: ['tcp'], topology: { maxPeers: 5000 } };
    const { env } = sidecarContainer(injectingProber({ spec }), sidecarSettings, undefined);
    const told = readme.table(['what', 'how']).map(([what = '']) => what);

    for (const { name } of env)
      assert.ok(
        told.some((what) => what.includes(`\`${name}\``)),
        name,
      );
  });
});
