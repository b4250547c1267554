import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import { anchorsOf, linksOf, markdownFiles } from '../../support/markdown.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Where links lead that are not followed here: hosts, and what for. */
const outside: Readonly<Record<string, string>> = {
  'keepachangelog.com': 'the form of the changelog',
  'github.com': 'logs that packs were compared with',
  'pastebin.com': 'the same',
  'systemd.io': 'formats of journals',
};

describe('links of the Markdown files', () => {
  const links = markdownFiles().flatMap(linksOf);
  const isOutside = (target: string): boolean => /^[a-z]+:/.test(target);

  it('are found', () => {
    assert.ok(links.length > 50, `${links.length} links`);
  });

  it('lead to files that are there, and to headings that these have', () => {
    const broken = links
      .filter(({ target }) => !isOutside(target))
      .flatMap(({ at, target }) => {
        const [path = '', anchor] = target.split('#');
        const from = at.replace(/:\d+$/, '');
        const to = path === '' ? from : normalize(join(from, '..', path));
        const file = to.endsWith('.md') ? to : join(to, 'README.md');
        if (!existsSync(join(root, to))) return [`${at}: no ${to}`];
        if (anchor === undefined) return [];
        return anchorsOf(file).has(anchor) ? [] : [`${at}: no heading #${anchor} in ${file}`];
      });

    assert.deepEqual(broken, []);
  });

  it('lead outside by https, to hosts that are listed, all of which are linked', () => {
    const urls = links
      .filter(({ target }) => isOutside(target))
      .map(({ target }) => new URL(target))
      .filter(({ hostname }) => hostname !== '127.0.0.1');

    assert.deepEqual(urls.filter(({ protocol }) => protocol !== 'https:').map(String), []);
    assert.deepEqual(
      [...new Set(urls.map(({ host }) => host))].toSorted(),
      Object.keys(outside).toSorted(),
    );
  });
});
