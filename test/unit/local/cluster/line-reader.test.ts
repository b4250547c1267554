import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createLineReader } from '../../../../local/cluster/line-reader.ts';

describe('createLineReader()', () => {
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'line-reader-'));
    path = join(folder, 'spans.jsonl');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('reads nothing while there is no file', async () => {
    assert.deepEqual(await createLineReader(path).read(), []);
  });

  it('gives each whole line once, and keeps a part of a line for later', async () => {
    const reader = createLineReader(path);
    await writeFile(path, 'one\ntw');
    assert.deepEqual(await reader.read(), ['one']);
    await appendFile(path, 'o\n');
    assert.deepEqual(await reader.read(), ['two']);
    assert.deepEqual(await reader.read(), []);
  });

  it('gives the same lines however the file grows', async () => {
    const text = 'größe\n\nzwei\nрядок\n';
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 5 }), async (cuts) => {
        const reader = createLineReader(path);
        await rm(path, { force: true });
        const lines: string[] = [];
        let written = 0;
        for (const end of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          await appendFile(path, bytes.subarray(written, end));
          written = end;
          lines.push(...(await reader.read()));
        }
        assert.deepEqual(lines, text.split('\n').slice(0, -1));
      }),
      { numRuns: 25 },
    );
  });

  it('begins anew after a rotation', async () => {
    const reader = createLineReader(path);
    await writeFile(path, 'a long line\n');
    await reader.read();
    await writeFile(path, 'new\n');

    assert.deepEqual([...(await reader.read()), ...(await reader.read())], ['new']);
  });
});
