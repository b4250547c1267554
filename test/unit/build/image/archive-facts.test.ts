import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveFacts } from '../../../../build/image/archive-facts.ts';
import { layerFile } from '../../../../build/image/layer.ts';
import { ociArchive } from '../../../../build/image/oci-archive.ts';
import { tar } from '../../../../build/image/tar.ts';
import { unpack } from './unpack.ts';

describe('archiveFacts()', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads name, digest of the manifest and size of the layers', async () => {
    const archive = await ociArchive({
      name: 'localhost/kube-latency/test:1',
      architecture: 'arm64',
      layers: [[layerFile('/a', 'x'.repeat(50_000))], [layerFile('/b', 'y')]],
      compression: 'none',
      entrypoint: ['/a'],
      user: '1:1',
    });
    const path = join(folder, 'image.tar');
    await writeFile(path, archive);
    const { reference, digest, layerBytes } = await archiveFacts(path);
    const manifest = unpack(archive).get(`blobs/${digest.replace(':', '/')}`) ?? assert.fail();

    assert.equal(reference, 'localhost/kube-latency/test:1');
    assert.equal(digest, `sha256:${createHash('sha256').update(manifest).digest('hex')}`);
    assert.equal(layerBytes, 51_712 + 2048);
  });

  it('refuses what is no such archive', async () => {
    const path = join(folder, 'other.tar');
    await writeFile(path, tar([layerFile('/a', 'b')]));

    await assert.rejects(archiveFacts(path), /other\.tar is no archive of this project/);
  });
});
