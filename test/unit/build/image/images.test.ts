import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collector, viewer } from '../../../../build/image/images.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

const { signal } = new AbortController();

describe('the image of a program', () => {
  let folder: string;
  let program: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    program = join(folder, 'program');
    await writeFile(program, '#!/nowhere\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('of static ones holds it, a few files of /etc, and nothing else', async () => {
    const { layers } = await collector(program, signal);
    const files = layers.flat().flatMap(({ kind, path }) => (kind === 'file' ? [path] : []));

    assert.deepEqual(files, [
      'etc/group',
      'etc/nsswitch.conf',
      'etc/passwd',
      'etc/ssl/certs/ca-certificates.crt',
      'otelcol',
    ]);
  });

  it('of others holds their libraries too, the loader among them, as plain files', async () => {
    const { layers } = await viewer(process.execPath, signal);
    const files = layers.flat().filter(({ kind }) => kind === 'file');

    for (const library of [/\/libc\.so/, /\/libstdc\+\+\.so/, /\/ld-linux/])
      assert.ok(
        files.some(({ path }) => library.test(path)),
        String(library),
      );
    assert.ok(!layers.flat().some(({ kind }) => kind === 'link'));
  });

  it('has the name that manifests use, and runs the program as nobody', async () => {
    const { name, entrypoint, user } = await collector(program, signal);

    assert.equal(name, `localhost/kube-latency/otelcol:${packageJson.version}`);
    assert.deepEqual(entrypoint, ['/otelcol']);
    assert.equal(user, '65532:65532');
  });

  it('tells who the user is, and whom to trust', async () => {
    const { layers } = await collector(program, signal);
    const text = (wanted: string): string =>
      layers
        .flat()
        .flatMap((entry) =>
          entry.kind === 'file' && entry.path === wanted ? [String(entry.content)] : [],
        )
        .join('');

    assert.match(text('etc/passwd'), /^nonroot:x:65532:65532:/m);
    const certificates = text('etc/ssl/certs/ca-certificates.crt');
    assert.ok(certificates.split('-----BEGIN CERTIFICATE-----').length > 50);
  });
});
