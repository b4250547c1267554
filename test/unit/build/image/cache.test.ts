import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '../../../../build/image/cache.ts';

describe('cached()', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const make = (text: string) => () => Promise.resolve(Buffer.from(text));
  const put = (name: string, key: string): Promise<string> =>
    cached(folder, { name, key }, make(key));

  it('makes an archive once', async () => {
    const first = await cached(folder, { name: 'a', key: '1' }, make('made'));
    const again = await cached(folder, { name: 'a', key: '1' }, () => assert.fail('made again'));

    assert.equal(first, again);
    assert.equal(await readFile(first, 'utf8'), 'made');
  });

  it('leaves nothing behind when the making fails', async () => {
    const failing = cached(folder, { name: 'a', key: '1' }, () => Promise.reject(new Error('no')));

    await assert.rejects(failing, /no/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps the four of a name that were used last, and what has another name', async () => {
    await put('a-b', '0');
    for (const key of ['1', '2', '3', '4'])
      await utimes(await put('a', key), Number(key), Number(key));
    await put('a', '1');
    await put('a', '5');

    assert.deepEqual((await readdir(folder)).toSorted(), [
      'a-1.tar',
      'a-3.tar',
      'a-4.tar',
      'a-5.tar',
      'a-b-0.tar',
    ]);
  });

  it('removes what a kill left unfinished, not what another program is writing', async () => {
    const [left, underWay] = ['.a-2.11', '.a-3.12'].map((file) => join(folder, file));
    assert.ok(left && underWay);
    for (const path of [left, underWay]) await writeFile(path, 'half');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    await utimes(left, twoHoursAgo, twoHoursAgo);
    await put('a', '1');

    assert.deepEqual((await readdir(folder)).toSorted(), ['.a-3.12', 'a-1.tar']);
  });
});
