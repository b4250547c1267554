import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { LocalClusterError } from '../../../../local/errors.ts';
import { checkGo, checkPlatform, compareVersions } from '../../../../local/host/platform.ts';

describe('checkPlatform()', () => {
  for (const [platform, uid, message] of [
    [
      'darwin',
      0,
      'a local cluster needs Linux; this system is darwin; --on kind makes one where there is a container engine',
    ],
    [
      'linux',
      1000,
      'a local cluster needs root (network namespaces, cgroups); this is user 1000; start it with sudo, or take --on kind',
    ],
  ] as const)
    it(`refuses ${platform} as user ${uid}, with exit code 2`, () => {
      assert.throws(
        () => checkPlatform(platform, uid),
        (error) =>
          error instanceof LocalClusterError && error.exitCode === 2 && error.message === message,
      );
    });

  it('accepts root on Linux', () => {
    checkPlatform('linux', 0);
  });
});

describe('checkGo()', () => {
  it('says which version is needed where there is none, with exit code 2', async () => {
    const context = {
      progress() {},
      signal: AbortSignal.timeout(10_000),
      env: { PATH: '/nowhere' },
    };

    await assert.rejects(checkGo('1.26.6', context), (error) => {
      assert.ok(error instanceof LocalClusterError);
      assert.equal(error.exitCode, 2);
      assert.match(
        error.message,
        /^Go 1\.26\.6 or newer is needed .* no go in PATH; https:\/\/go\.dev\/dl has it$/,
      );
      return true;
    });
  });
});

describe('compareVersions()', () => {
  for (const [one, other, sign] of [
    ['1.26.8', '1.26.6', 1],
    ['1.26', '1.26.6', -1],
    ['1.26', '1.26.0', 0],
    ['1.100', '1.26', 1],
    ['1.27rc1', '1.26.6', 1],
  ] as const)
    it(`has ${one} against ${other} as ${sign}`, () => {
      assert.equal(Math.sign(compareVersions(one, other)), sign);
    });

  it('turns round with its arguments', () => {
    const version = fc
      .array(fc.nat(200), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(
        version,
        version,
        (a, b) => compareVersions(a, b) === -compareVersions(b, a) || compareVersions(a, b) === 0,
      ),
    );
  });
});
