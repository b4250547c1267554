import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { kubectl, tryKubectl } from '../support/cluster.ts';
import { withKustomization } from '../support/kustomize.ts';
import { addOperatorCrds, type OperatorCrds } from '../support/operator-crds.ts';
import { renderings } from '../support/renderings.ts';
import type { KubeObject } from '../unit/manifests/objects.ts';

const sets = [
  ...renderings,
  { name: 'production', folder: 'manifests/overlays/production' },
] as const;
const everything = '../test/support/everything';
/** Kinds that have something to be wrong about. */
const specified = ({ spec }: KubeObject): boolean => typeof spec === 'object';

describe('the API server, asked what it would say to manifests', function () {
  this.timeout(120_000);
  let crds: OperatorCrds | undefined;

  before(async () => {
    crds = await addOperatorCrds();
    await kubectl(['create', 'namespace', 'cert-manager']);
  });

  after(async () => {
    await crds?.remove();
    await kubectl(['delete', 'namespace/cert-manager', '--ignore-not-found']);
  });

  for (const { name, folder } of sets)
    it(`${name}: takes every object, and warns of none`, async () => {
      const objects = await objectsOf(folder);

      const { code, stdout, stderr } = await dryRun(folder);

      assert.equal(code, 0, stderr);
      assert.equal(stdout.match(/ \(server dry run\)$/gm)?.length, objects.length);
      assert.doesNotMatch(stderr, otherWarning);
    });

  it('refuses a field that is in no schema, of every kind', async () => {
    const kinds = new Set(
      (await objectsOf('test/support/everything')).filter(specified).map(kindOf),
    );
    const patches = [...kinds].map((kind) => ({
      target: { kind },
      patch: JSON.stringify([{ op: 'add', path: '/spec/nonsense', value: 'x' }]),
    }));

    const { code, stderr } = await withKustomization(
      { resources: [everything], patches },
      (folder) => dryRun(folder),
    );

    assert.equal(code, 1);
    const refused = stderr
      .split(/^(?=Error from server )/m)
      .filter((error) => error.includes('unknown field "spec.nonsense"'))
      .map((error) => /(?:Kind=|": )(\w+)(?:"| in version)/.exec(error)?.[1]);
    assert.deepEqual(new Set(refused), kinds);
  });
});

/** Of anything but that `up` applied on the server's side, where kubectl leaves no annotation. */
const otherWarning =
  /^Warning: (?!resource \S+ is missing the kubectl\.kubernetes\.io\/last-appl)/m;

async function objectsOf(folder: string): Promise<KubeObject[]> {
  const rendered = await kubectl(['kustomize', folder]);
  return parseAllDocuments(rendered).map((document) => document.toJS() as KubeObject);
}

function dryRun(folder: string): ReturnType<typeof tryKubectl> {
  return tryKubectl(['apply', '--dry-run=server', '--kustomize', folder]);
}

function kindOf({ kind }: KubeObject): string {
  return kind;
}
