import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromNothing, onKindAlone, ofPrograms, pages, withoutCluster } from '../../e2e/suites.ts';

const folder = fileURLToPath(new URL('../../e2e/', import.meta.url));

/** What of test/support/cluster.ts may be had where no cluster is: paths alone. */
const harmless = ['program'];

describe('the suites of test/e2e', () => {
  it('are all in the list', () => {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.e2e.test.ts'))
      .map((name) => name.replace('.e2e.test.ts', ''));

    assert.deepEqual([...fromNothing, ...onKindAlone].toSorted(), files.toSorted());
  });

  for (const name of [...ofPrograms, ...pages])
    it(`ask no cluster, where none is needed: ${name}`, () => {
      const asked = reached(resolve(folder, `${name}.e2e.test.ts`)).flatMap((file) =>
        imports(file)
          .filter(({ from }) => from.endsWith('/support/cluster.ts'))
          .flatMap(({ names }) => names)
          .filter((each) => !harmless.includes(each)),
      );

      assert.deepEqual(asked, []);
    });

  it('ask one where they are not in that list', () => {
    const others = fromNothing.filter((name) => !withoutCluster(true).run.includes(name));
    const asking = others.filter((name) =>
      reached(resolve(folder, `${name}.e2e.test.ts`)).some((file) =>
        /support\/(cluster|start-record|host-snapshot)\.ts$/.test(file),
      ),
    );

    assert.deepEqual(asking, others);
  });
});

describe('withoutCluster()', () => {
  it('runs what needs no cluster, and says of the rest that it does not', () => {
    const { run, skipped } = withoutCluster(true);

    assert.deepEqual(run, [...ofPrograms, ...pages]);
    assert.deepEqual([...run, ...skipped].toSorted(), fromNothing.toSorted());
  });

  it('runs pages alone where no program can be built', () => {
    assert.deepEqual(withoutCluster(false).run, pages);
  });
});

interface Import {
  readonly from: string;
  readonly names: readonly string[];
}

/** A file of test/ and all of test/ that it imports, through others too. */
function reached(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || !file.includes('/test/')) return [...seen];
  seen.add(file);
  for (const { from } of imports(file)) reached(from, seen);
  return [...seen];
}

function imports(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^import (type )?([^;]*?) ?from '(\.[^']+)';$/gms)]
    .filter(([, type]) => type === undefined)
    .map(([, , names = '', path = '']) => ({
      from: resolve(dirname(file), path),
      names: names
        .replaceAll(/[{}]/g, '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    }));
}
