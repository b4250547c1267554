import assert from 'node:assert/strict';
import {
  composePlaces,
  dockerfilePlaces,
  kustomizationPlaces,
  pinPlaces,
} from '../../../../build/pin/places.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const old = `sha256:${'00'.repeat(32)}`;

describe('dockerfilePlaces()', () => {
  const pinned = (text: string): string => pinPlaces(text, dockerfilePlaces(text), () => digest);

  it('puts digests behind the tags of arguments, and leaves all else', () => {
    const text = '# a\nARG NODE_IMAGE=node:24\nARG OTHER=1\nFROM ${NODE_IMAGE} AS app\n';

    assert.equal(
      pinned(text),
      `# a\nARG NODE_IMAGE=node:24@${digest}\nARG OTHER=1\nFROM \${NODE_IMAGE} AS app\n`,
    );
  });

  it('renews a digest', () => {
    assert.equal(pinned(`ARG A_IMAGE=a:1@${old}\n`), `ARG A_IMAGE=a:1@${digest}\n`);
  });

  it('tells arguments apart of which one begins like the other', () => {
    const text = 'ARG A_IMAGE=a:1-slim\nARG A_IMAGE=a:1\n';

    assert.equal(pinned(text), `ARG A_IMAGE=a:1-slim@${digest}\nARG A_IMAGE=a:1@${digest}\n`);
  });
});

describe('composePlaces()', () => {
  it('puts digests behind tags, and renews them', () => {
    const text =
      'x-a: &a\n  image: a:1\nservices:\n  b:\n    image: x/b:2 # why\n    image: x/b:2\n';
    const pinned = (before: string): string =>
      pinPlaces(before, composePlaces(before), () => digest);

    assert.equal(
      pinned(text),
      `x-a: &a\n  image: a:1@${digest}\nservices:\n  b:\n    image: x/b:2 # why\n    image: x/b:2@${digest}\n`,
    );
    assert.equal(pinned(pinned(text).replaceAll(digest, old)), pinned(text));
  });
});

describe('kustomizationPlaces()', () => {
  const text = `images:
  # The released collector.
  - name: localhost/kube-latency/otelcol
    newName: otel/opentelemetry-collector-contrib # from Docker Hub
    newTag: 0.159.0 # renewed by hand
  - name: quay.io/x/y
    newTag: "1.10"
resources: [a.yaml]
`;
  const pinned = (before: string): string =>
    pinPlaces(before, kustomizationPlaces(before), () => digest);

  it('finds images by their new names and tags, as they are written', () => {
    assert.deepEqual(
      kustomizationPlaces(text).map(({ image }) => image),
      ['otel/opentelemetry-collector-contrib:0.159.0', 'quay.io/x/y:1.10'],
    );
  });

  it('puts digests on lines of their own, and keeps comments', () => {
    assert.equal(
      pinned(text),
      text
        .replace('by hand\n', `by hand\n    digest: ${digest}\n`)
        .replace('"1.10"\n', `"1.10"\n    digest: ${digest}\n`),
    );
  });

  it('renews digests', () => {
    const once = pinned(text);

    assert.equal(pinned(once.replaceAll(digest, old)), once);
  });

  it('writes into a map on one line', () => {
    assert.equal(
      pinned('images: [{ name: a, newTag: v1 }]\n'),
      `images: [{ name: a, newTag: v1, digest: ${digest} }]\n`,
    );
  });

  it('leaves images alone that have no tag, and files that have no images', () => {
    for (const other of ['images:\n  - name: a\n', 'resources: [a.yaml]\n', ''])
      assert.equal(pinned(other), other);
  });
});
