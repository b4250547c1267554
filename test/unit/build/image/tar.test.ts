import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { tar, type TarEntry } from '../../../../build/image/tar.ts';

/** What the system's own tar reads from an archive. */
function listed(archive: Buffer): string[] {
  const text = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '-f', '-'], {
    input: archive,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
  });
  return text
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' '));
}

describe('tar()', () => {
  it('makes an archive that tar reads: files, folders, links, modes, owner root', () => {
    const archive = tar([
      { kind: 'folder', path: 'tmp', mode: 0o1777 },
      { kind: 'file', path: 'bin/sh', mode: 0o755, content: Buffer.from('hello') },
      { kind: 'link', path: 'bin/ash', target: 'sh' },
    ]);

    assert.deepEqual(listed(archive), [
      'drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/',
      '-rwxr-xr-x 0/0 5 1970-01-01 00:00 bin/sh',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/ash -> sh',
    ]);
  });

  it('gives back any content unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const content = Buffer.from(bytes);
        const archive = tar([{ kind: 'file', path: 'a', mode: 0o644, content }]);
        assert.equal(archive.length % 512, 0);
        assert.deepEqual(archive.subarray(512, 512 + content.length), content);
        assert.equal(Number.parseInt(archive.toString('latin1', 124, 135), 8), content.length);
      }),
    );
  });

  it('makes the same bytes from the same entries', () => {
    const entries: TarEntry[] = [
      { kind: 'file', path: 'a', mode: 0o644, content: Buffer.from('x') },
    ];

    assert.deepEqual(tar(entries), tar(entries));
  });

  it('refuses a name that does not fit', () => {
    const path = 'x'.repeat(101);

    assert.throws(
      () => tar([{ kind: 'file', path, mode: 0o644, content: Buffer.alloc(0) }]),
      RangeError,
    );
    assert.throws(() => tar([{ kind: 'link', path: 'a', target: path }]), RangeError);
  });
});
