import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeLatencyKey, programKey } from '../../../../build/image/cache-key.ts';

const { signal } = new AbortController();

describe('programKey()', () => {
  it('is the same for the same content, wherever it lies, and another for other content', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    try {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name));
      assert.ok(a !== undefined && b !== undefined && c !== undefined);
      await writeFile(a, '#!/bin/sh\n');
      await writeFile(b, '#!/bin/sh\n');
      await writeFile(c, '#!/bin/sh -e\n');

      assert.equal(await programKey(a, signal), await programKey(b, signal));
      assert.notEqual(await programKey(a, signal), await programKey(c, signal));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('kubeLatencyKey()', () => {
  it('is a short name of a file', async () => {
    assert.match(await kubeLatencyKey(signal), /^[0-9a-f]{12}$/);
  });
});
