import assert from 'node:assert/strict';
import { createInjector } from '../../../../operator/webhook/injector.ts';
import { pod } from '../../../support/operator/pods.ts';
import { injectingProber, optedIn, surroundings } from '../../../support/operator/probers.ts';

describe('the webhook’s injector', () => {
  const injected = (namespaceLabels: Record<string, string> | undefined) =>
    createInjector({ surroundings, namespaceLabels: () => namespaceLabels })(pod(), 'apps').kind;

  it('takes the API server’s word for a namespace that it does not know yet', () => {
    assert.equal(injected(undefined), 'inject');
  });

  it('looks itself at the labels of one that it knows', () => {
    assert.equal(injected(optedIn), 'inject');
    assert.equal(injected({}), 'leave');
  });

  it('leaves to a policy what a policy does', () => {
    const around = surroundings({ probers: [injectingProber({ way: 'policy' })] });
    const injector = createInjector({ surroundings: () => around, namespaceLabels: () => optedIn });

    assert.deepEqual(injector(pod(), 'apps'), { kind: 'leave', reason: 'by-policy' });
  });
});
