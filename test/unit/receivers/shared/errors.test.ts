import assert from 'node:assert/strict';

import {
  ConfigError,
  StartupError,
  exitCodeOf,
  messageOf,
} from '../../../../receivers/shared/errors.ts';

describe('messageOf', () => {
  it('keeps a message on one line', () => {
    assert.equal(messageOf(new Error('first\n   second')), 'first second');
  });

  it("lets an aggregate's first member speak where the aggregate is silent", () => {
    const refused = new Error('connect ECONNREFUSED ::1:1');

    assert.equal(messageOf(new AggregateError([refused, new Error('other')])), refused.message);
  });

  it('says what was thrown although it is no error', () => {
    assert.equal(messageOf('plain words'), 'plain words');
  });
});

describe('exitCodeOf', () => {
  it('is 2 for what the user gave and 1 for all else', () => {
    const codes = [new ConfigError('a'), new StartupError('b'), new Error('c')].map(exitCodeOf);

    assert.deepEqual(codes, [2, 1, 1]);
  });
});

describe('ConfigError', () => {
  it('tells a missing kubeconfig by its code, whatever the words', () => {
    const missing = new ConfigError('nowhere', { code: 'no-kubeconfig' });

    assert.equal(missing.code, 'no-kubeconfig');
    assert.equal(new ConfigError('no kubeconfig of that name').code, undefined);
  });
});
