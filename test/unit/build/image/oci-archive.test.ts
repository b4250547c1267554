import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { ociArchive, type ImageInput } from '../../../../build/image/oci-archive.ts';
import type { TarEntry } from '../../../../build/image/tar.ts';
import { unpack } from './unpack.ts';

const program: TarEntry = {
  kind: 'file',
  path: 'pause',
  mode: 0o755,
  content: Buffer.from('program'),
};

const image: ImageInput = {
  name: 'localhost/kube-latency/pause:1',
  architecture: 'amd64',
  layers: [[program], [{ ...program, path: 'other' }]],
  compression: 'none',
  entrypoint: ['/pause'],
  user: '65532:65532',
};

interface Descriptor {
  mediaType: string;
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

async function read(input: ImageInput) {
  const files = unpack(await ociArchive(input));
  const json = (path: string): Json => JSON.parse(String(files.get(path))) as Json;
  const blob = ({ digest }: Descriptor): Buffer =>
    files.get(`blobs/${digest.replace(':', '/')}`) ?? assert.fail(`no blob ${digest}`);
  const [first] = json('index.json').manifests;
  assert.ok(first);
  const manifest = JSON.parse(String(blob(first))) as Json;
  const config = JSON.parse(String(blob(manifest.config))) as Json;
  return { files, first, manifest, config, blob };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

describe('ociArchive()', () => {
  it('names the image where containerd looks for it', async () => {
    const { first } = await read(image);

    assert.equal(first.annotations['io.containerd.image.name'], 'localhost/kube-latency/pause:1');
    assert.equal(first.annotations['org.opencontainers.image.ref.name'], '1');
  });

  for (const compression of ['none', 'zstd'] as const)
    it(`has every blob under its digest and with its size, compression ${compression}`, async () => {
      const { first, manifest, blob } = await read({ ...image, compression });
      const descriptors = [first, manifest.config, ...manifest.layers];

      assert.equal(descriptors.length, 4);
      for (const descriptor of descriptors) {
        assert.equal(blob(descriptor).length, descriptor.size);
        assert.equal(digestOf(blob(descriptor)), descriptor.digest);
      }
    });

  it('has layers whose digest is their diff id where they are not compressed', async () => {
    const { config, manifest } = await read(image);

    assert.deepEqual(
      config.rootfs.diff_ids,
      manifest.layers.map(({ digest }) => digest),
    );
  });

  it('says of layers that are compressed what they hold', async () => {
    const { config, manifest, blob } = await read({ ...image, compression: 'zstd' });
    const layers = manifest.layers.map((layer) => zstdDecompressSync(blob(layer)));

    assert.deepEqual(config.rootfs.diff_ids, layers.map(digestOf));
    assert.deepEqual(
      layers.map((layer) => [...unpack(layer).keys()]),
      [['pause'], ['other']],
    );
    assert.equal(manifest.layers[0]?.mediaType, 'application/vnd.oci.image.layer.v1.tar+zstd');
  });

  it('says how it runs', async () => {
    const { config } = await read({ ...image, workingDir: '/app' });

    assert.equal(config.architecture, 'amd64');
    assert.equal(config.config['User'], '65532:65532');
    assert.deepEqual(config.config['Entrypoint'], ['/pause']);
    assert.equal(config.config['WorkingDir'], '/app');
  });

  it('makes the same bytes from the same input', async () => {
    const zstd: ImageInput = { ...image, compression: 'zstd' };

    assert.deepEqual(await ociArchive(zstd), await ociArchive({ ...zstd }));
  });
});
