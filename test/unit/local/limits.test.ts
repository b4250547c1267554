import assert from 'node:assert/strict';
import { LocalClusterError } from '../../../local/errors.ts';
import { checkRequest } from '../../../local/limits.ts';
import { localPaths } from '../../../local/paths.ts';

const home = localPaths({ HOME: '/root' });

function refuses(pattern: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof LocalClusterError && error.exitCode === 2 && pattern.test(error.message);
}

describe('checkRequest()', () => {
  for (const workers of [0, 21, 1.5, Number.NaN])
    it(`refuses ${workers} workers`, () => {
      assert.throws(
        () => checkRequest(workers, home),
        refuses(/^number of workers: 1 to 20 expected/),
      );
    });

  it('accepts a cluster in the home of root', () => {
    checkRequest(1, home);
    checkRequest(20, home);
  });

  for (const variable of ['XDG_STATE_HOME', 'XDG_CACHE_HOME'])
    it(`refuses ${variable} where nodes have folders of their own`, () => {
      const paths = localPaths({ HOME: '/root', [variable]: '/var/lib/somebody' });

      assert.throws(
        () => checkRequest(1, paths),
        refuses(/outside \/var\/lib\/ .* got \/var\/lib\/somebody/),
      );
    });
});
