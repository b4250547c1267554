import assert from 'node:assert/strict';
import { injectingProbers } from '../../../../operator/injection/prober.ts';
import { injectingProber } from '../../../support/operator/probers.ts';

const names = (policies: boolean) => {
  const probers = ['auto', 'policy', 'webhook', 'daemonset', 'none'].map((mode) =>
    injectingProber({ name: mode, spec: { mode } }),
  );
  return injectingProbers(probers, { policies }).map(({ name, way }) => `${name}: ${way}`);
};

describe('injectingProbers()', () => {
  it('prefers policies where the cluster has them', () => {
    assert.deepEqual(names(true), ['auto: policy', 'policy: policy', 'webhook: webhook']);
  });

  it('takes the webhook where it has none, and injects nothing for whoever wants policies alone', () => {
    assert.deepEqual(names(false), ['auto: webhook', 'policy: none', 'webhook: webhook']);
  });

  it('injects nothing for one that is deleted or wrong', () => {
    const { namespace, name } = injectingProber();
    const wrong = {
      ...injectingProber(),
      namespace,
      name,
      kind: 'invalid',
      problems: 'x',
    } as const;

    assert.deepEqual(
      injectingProbers([{ ...injectingProber(), deleted: true }, wrong], { policies: true }),
      [],
    );
  });
});
