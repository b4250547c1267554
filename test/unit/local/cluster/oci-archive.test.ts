import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ociArchive } from '../../../../local/cluster/oci-archive.ts';

const archive = ociArchive({
  name: 'localhost/kube-latency/pause:1',
  architecture: 'amd64',
  layer: [{ kind: 'file', path: 'pause', mode: 0o755, content: Buffer.from('program') }],
  entrypoint: ['/pause'],
  user: '65532:65532',
});

/** Contents by path. */
function unpack(tarBytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; tarBytes[at] !== 0;) {
    const name = tarBytes.toString('latin1', at, at + 100).replace(/\0.*/s, '');
    const size = Number.parseInt(tarBytes.toString('latin1', at + 124, at + 135), 8);
    files.set(name, tarBytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

interface Descriptor {
  digest: string;
  size: number;
}

interface Json {
  manifests: (Descriptor & { annotations: Record<string, string> })[];
  config: Descriptor & Record<string, unknown>;
  layers: Descriptor[];
  rootfs: { diff_ids: string[] };
  architecture: string;
}

describe('ociArchive()', () => {
  const files = unpack(archive);
  const json = (path: string): Json => JSON.parse(String(files.get(path))) as Json;
  const blob = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;
  const index = json('index.json');
  const [first] = index.manifests;
  assert.ok(first);
  const manifest = json(blob(first));
  const config = json(blob(manifest.config));

  it('names the image where containerd looks for it', () => {
    assert.equal(first.annotations['io.containerd.image.name'], 'localhost/kube-latency/pause:1');
    assert.equal(first.annotations['org.opencontainers.image.ref.name'], '1');
  });

  it('has every blob under its digest and with its size', () => {
    const descriptors = [first, manifest.config, ...manifest.layers];

    assert.equal(descriptors.length, 3);
    for (const descriptor of descriptors) {
      const content = files.get(blob(descriptor));
      assert.ok(content, descriptor.digest);
      assert.equal(content.length, descriptor.size);
      assert.equal(
        `sha256:${createHash('sha256').update(content).digest('hex')}`,
        descriptor.digest,
      );
    }
  });

  it('has a layer that is not compressed, so its digest is its diff id', () => {
    assert.deepEqual(
      config.rootfs.diff_ids,
      manifest.layers.map(({ digest }) => digest),
    );
  });

  it('says how it runs', () => {
    assert.equal(config.architecture, 'amd64');
    assert.equal(config.config['User'], '65532:65532');
    assert.deepEqual(config.config['Entrypoint'], ['/pause']);
  });
});
