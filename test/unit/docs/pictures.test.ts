import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { linksOf, markdownFiles } from '../../support/markdown.ts';

describe('docs/pictures', () => {
  it('holds the pictures that pages show, and no others', () => {
    const shown = markdownFiles()
      .flatMap(linksOf)
      .filter(({ target }) => target.includes('pictures/'))
      .map(({ target }) => basename(target));

    assert.deepEqual(
      readdirSync(join(import.meta.dirname, '../../../docs/pictures')).toSorted(),
      [...new Set(shown)].toSorted(),
    );
  });
});
