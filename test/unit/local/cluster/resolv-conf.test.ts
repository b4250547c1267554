import assert from 'node:assert/strict';
import { podResolvConf } from '../../../../local/cluster/resolv-conf.ts';

describe('podResolvConf()', () => {
  it('leaves a resolver that pods can reach', () => {
    const text = 'search example.org\nnameserver 192.0.2.53\n';

    assert.equal(podResolvConf(text), text);
  });

  it('drops resolvers on loopback', () => {
    assert.equal(
      podResolvConf('nameserver 127.0.0.53\nnameserver ::1\nnameserver 192.0.2.53\n'),
      'nameserver 192.0.2.53\n',
    );
  });

  it('names the host where no resolver is left', () => {
    assert.match(podResolvConf('nameserver 127.0.0.53\n'), /^nameserver 10\.231\.0\.1$/m);
  });
});
