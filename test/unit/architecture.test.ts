import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['receivers', 'operator', 'cli', 'local', 'kind']
  .flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(resolve(root, path), 'utf8') }));

describe('the sources', () => {
  it('are found', () => {
    assert.ok(sources.length > 30, `${sources.length} files`);
  });

  it('have receivers that import shared code and themselves, and nothing else of the project', () => {
    const wrong = imports()
      .filter(({ from }) => from.startsWith('receivers/'))
      .filter(({ from, to }) => ![folderOf(from), 'receivers/shared'].includes(folderOf(to)));

    assert.deepEqual(wrong, []);
  });

  it('have shared code that imports no receiver', () => {
    const wrong = imports().filter(
      ({ from, to }) => folderOf(from) === 'receivers/shared' && folderOf(to) !== folderOf(from),
    );

    assert.deepEqual(wrong, []);
  });

  it('have an operator that imports what receivers share, and itself', () => {
    const wrong = imports()
      .filter(({ from }) => from.startsWith('operator/'))
      .filter(({ to }) => !['operator', 'receivers/shared'].includes(folderOf(to)));

    assert.deepEqual(wrong, []);
  });

  it('have clusters that know nothing of the command, and a local one that knows nothing of kind', () => {
    const wrong = imports().filter(
      ({ from, to }) =>
        (/^(local|kind)\//.test(from) && to.startsWith('cli/')) ||
        (from.startsWith('local/') && to.startsWith('kind/')),
    );

    assert.deepEqual(wrong, []);
  });

  it('touch signals, arguments, the environment and the exit code in main.ts alone', () => {
    const touched =
      /\bprocess\.(env|argv|exit\b|exitCode|on\(|once\()|from 'node:process'|\bconsole\./;
    const wrong = sources
      .filter(({ path }) => !path.endsWith('/main.ts'))
      .flatMap(({ path, text }) =>
        text.split('\n').flatMap((line, index) => {
          const found = touched.exec(line);
          return found === null || /^\s*(\*|\/\/)/.test(line)
            ? []
            : [`${path}:${index + 1} ${found[0]}`];
        }),
      );

    assert.deepEqual(wrong, []);
  });
});

function imports(): { from: string; to: string }[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:from|import\()\s*'(\.{1,2}\/[^']+\.ts)'/g)].map(([, target = '']) => ({
      from: path,
      to: relative(root, resolve(root, dirname(path), target)),
    })),
  );
}

/** `receivers/pod-prober` for everything below it; the top folder elsewhere. */
function folderOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'receivers' ? `${top}/${second}` : top;
}
