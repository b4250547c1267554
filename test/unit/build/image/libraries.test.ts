import assert from 'node:assert/strict';
import { parseLdd } from '../../../../build/image/libraries.ts';

describe('parseLdd()', () => {
  it('finds libraries, and the loader at the path that programs ask for; the kernel has its own', () => {
    const text = `	linux-vdso.so.1 (0x00007f8ec0f61000)
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f8ec0c00000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f8ec0a1e000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f8ec0f63000)
`;

    assert.deepEqual(
      parseLdd(text),
      [
        '/lib/x86_64-linux-gnu/libstdc++.so.6',
        '/lib/x86_64-linux-gnu/libc.so.6',
        '/lib64/ld-linux-x86-64.so.2',
      ].map((path) => ({ path, source: path })),
    );
  });

  it('takes a loader from where it lies to where programs ask for it', () => {
    const text = '	/lib/ld-linux-aarch64.so.1 => /usr/lib/ld-linux-aarch64.so.1 (0x0000ffff8000)\n';

    assert.deepEqual(parseLdd(text), [
      { path: '/lib/ld-linux-aarch64.so.1', source: '/usr/lib/ld-linux-aarch64.so.1' },
    ]);
  });

  it('finds nothing in a static program', () => {
    assert.deepEqual(parseLdd('	statically linked\n'), []);
  });

  it('names what is missing', () => {
    assert.throws(() => parseLdd('	libduck.so.1 => not found\n'), /libduck\.so\.1/);
  });
});
