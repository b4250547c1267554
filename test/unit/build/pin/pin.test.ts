import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pin } from '../../../../build/pin/pin.ts';
import { startRegistry, withTokens, type FakeRegistry } from './fake-registry.ts';

const { signal } = new AbortController();
const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

describe('pin()', () => {
  let root: string;
  let registry: FakeRegistry | undefined;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    await mkdir(join(root, 'manifests/overlays/production'), { recursive: true });
  });
  afterEach(async () => {
    await registry?.close();
    registry = undefined;
    await rm(root, { recursive: true });
  });

  const dockerfile = (): string => join(root, 'Dockerfile');
  const kustomization = (): string =>
    join(root, 'manifests/overlays/production/kustomization.yaml');

  /** Names the same image of a registry in both files, and one that is local. */
  async function name(image: string): Promise<readonly [string, string]> {
    const [repository, tag] = [image.slice(0, image.lastIndexOf(':')), image.split(':').at(-1)];
    const texts = [
      `ARG NODE_IMAGE=${image}\n`,
      `images:\n  - name: localhost/x\n    newTag: "1"\n  - name: y\n    newName: ${repository}\n    newTag: "${tag}"\n`,
    ] as const;
    await writeFile(dockerfile(), texts[0]);
    await writeFile(kustomization(), texts[1]);
    return texts;
  }

  async function read(): Promise<readonly [string, string]> {
    return [await readFile(dockerfile(), 'utf8'), await readFile(kustomization(), 'utf8')];
  }

  it('gets a token as nobody, and writes the digest of the manifest wherever the image is named', async () => {
    registry = await startRegistry(withTokens(manifest, { 'docker-content-digest': digest }));
    const image = `${registry.host}/library/node:24`;
    const before = await name(image);

    assert.deepEqual(await pin(root, signal), {
      kind: 'pinned',
      digests: new Map([[image, digest]]),
    });
    assert.deepEqual(await read(), [
      before[0].replace('24\n', `24@${digest}\n`),
      `${before[1]}    digest: ${digest}\n`,
    ]);
  });

  it('changes nothing and names image and registry when one cannot be reached', async () => {
    registry = await startRegistry(withTokens(manifest));
    const gone = await startRegistry(withTokens(manifest));
    await gone.close();
    await name(`${registry.host}/library/node:24`);
    const away = `ARG NODE_IMAGE=${gone.host}/library/node:24\n`;
    await writeFile(dockerfile(), away);
    const before = await read();
    const result = await pin(root, signal);

    assert.equal(result.kind, 'failed');
    assert.equal(result.problems.length, 1);
    const start = `${gone.host}/library/node:24: registry ${gone.host}: `;
    assert.ok(result.problems[0]?.startsWith(start), result.problems[0]);
    assert.match(result.problems.join(), /ECONNREFUSED/);
    assert.deepEqual(await read(), before);
  });

  const failures: [string, Parameters<typeof startRegistry>[0], RegExp][] = [
    ['has no such tag', (_, response) => response.writeHead(404).end(), /status 404/],
    [
      'wants an account',
      (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
      /expected a challenge for a bearer token, got: Basic/,
    ],
    [
      'gives no token',
      ({ url }, response, host) =>
        url?.startsWith('/token') === true
          ? response.end('{}')
          : response
              .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` })
              .end(),
      /none in the answer/,
    ],
    [
      'says another digest than that of the manifest that it sends',
      withTokens(manifest, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }),
      /said sha256:0+ of a manifest with digest sha256:/,
    ],
  ];
  for (const [what, answer, problem] of failures)
    it(`changes nothing when the registry ${what}`, async () => {
      registry = await startRegistry(answer);
      const before = await name(`${registry.host}/library/node:24`);
      const result = await pin(root, signal);

      assert.equal(result.kind, 'failed');
      assert.match(result.problems[0] ?? '', problem);
      assert.deepEqual(await read(), [...before]);
    });
});
