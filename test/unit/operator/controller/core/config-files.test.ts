import assert from 'node:assert/strict';
import fc from 'fast-check';

import { configFiles, fileCount } from '../../../../../operator/controller/core/config-files.ts';
import { chosen, hash } from '../../../../../operator/controller/core/peer-choice.ts';
import type { Peer } from '../../../../../operator/controller/core/peers.ts';
import { parsePeersFile } from '../../../../../receivers/rtt-pinger/core/peers-file.ts';
import { prober } from '../made.ts';

const mebibyte = 1024 * 1024;

/** With names as long as Kubernetes allows. */
function longest(index: number): Peer {
  const name = `${'n'.repeat(63)}/${String(index).padStart(253, 'p')}`;
  const address = `fd00:ffff:ffff:ffff:ffff:ffff:${(0x1000 + (index >> 12)).toString(16)}:${(0x1000 + (index & 0xfff)).toString(16)}`;
  const entry = `${JSON.stringify(name)}:{"ip":"${address}","port":"65535"}`;
  return { key: name, hash: hash(name), name, node: 'n1', address, port: 65_535, entry };
}

const peers = Array.from({ length: 20_000 }, (_, index) => longest(index));

describe('configFiles', () => {
  it('is one file with 1,000 peers where the object says nothing', () => {
    const [file, ...others] = configFiles(prober(), peers, 'a');

    assert.equal(others.length, 0);
    const read = parsePeersFile(file?.text ?? '');
    assert.equal(read.kind === 'ok' ? read.file.peers.length : read.problem, 1000);
  });

  for (const maxPeers of [2000, 2001, 20_000])
    it(`splits ${maxPeers} peers with the longest names into files below 1 MiB, each peer in one of them`, () => {
      const mesh = prober({ spec: { topology: { maxPeers } } });

      const files = configFiles(mesh, peers, 'a');

      assert.equal(files.length, Math.ceil(maxPeers / 2000));
      assert.equal(files.length, fileCount(mesh.spec));
      for (const { text } of files) assert.ok(Buffer.byteLength(text) < 0.95 * mebibyte);
      const names = files.flatMap(({ text }) => {
        const read = parsePeersFile(text);
        return read.kind === 'ok' ? read.file.peers.map(({ name }) => name) : [];
      });
      assert.equal(new Set(names).size, maxPeers);
      assert.equal(names.length, maxPeers);
      assert.deepEqual(
        files.slice(0, 2).map(({ name, file }) => [name, file]),
        [
          ['mesh', 'config.json'],
          ['mesh-2', 'config-2.json'],
        ].slice(0, files.length),
      );
    }).timeout(10_000);
});

/** Of so few values that some keys have the same one. */
const few = (key: string): number => hash(key) % 8;

describe('a choice of peers', () => {
  const anyKeys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 40 });

  it('has as many as there may be, and changes one of them at most where one comes or goes', () => {
    fc.assert(
      fc.property(
        anyKeys,
        fc.string(),
        fc.integer({ min: 1, max: 20 }),
        fc.string(),
        (keys, one, most, seed) => {
          const candidates = keys
            .filter((key) => key !== one)
            .map((key) => ({ key, hash: few(key) }));
          const before = chosen(candidates, most, seed);
          const after = chosen([...candidates, { key: one, hash: few(one) }], most, seed);

          assert.equal(before.length, Math.min(most, candidates.length));
          assert.equal(after.length, Math.min(most, candidates.length + 1));
          const had = new Set(before.map(({ key }) => key));
          assert.ok(after.filter(({ key }) => !had.has(key)).length <= 1);
        },
      ),
    );
  });

  it('is another one for another namespace, so that every peer is asked by about as many', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `a/web-${index}`);
    const candidates = keys.map((key) => ({ key, hash: hash(key) }));
    const asked = new Map<string, number>();
    for (let namespace = 0; namespace < 200; namespace++)
      for (const { key } of chosen(candidates, 50, `team-${namespace}`))
        asked.set(key, (asked.get(key) ?? 0) + 1);

    const times = candidates.map(({ key }) => asked.get(key) ?? 0);
    // 20 on average; 4.2 is one standard deviation.
    assert.ok(
      Math.min(...times) >= 5 && Math.max(...times) <= 40,
      `${Math.min(...times)}, ${Math.max(...times)}`,
    );
  });
});
