/** `npm run chart`: writes manifests/chart, the Helm chart, from manifests/. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { chartFiles, versionOf } from './chart-files.ts';
import { features } from './components.ts';
import { joinObjects } from './joined-objects.ts';
import { renderer } from './rendering.ts';

const root = resolve(import.meta.dirname, '../..');
const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const target = join(root, 'manifests/chart');
const written = join(import.meta.dirname, 'files');

const names = await readdir(written, { recursive: true, withFileTypes: true });
const files = await Promise.all(
  names
    .filter((each) => each.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(written.length + 1), await readFile(path, 'utf8')] as const;
    }),
);
const joined = await joinObjects(renderer(kubectl, join(root, 'manifests')), features);
const chart = chartFiles(joined, await versionOf(join(root, 'package.json')), new Map(files));
await rm(target, { recursive: true, force: true });
for (const [path, content] of chart) {
  await mkdir(dirname(join(target, path)), { recursive: true });
  await writeFile(join(target, path), content);
}
console.log(`${chart.size} files in manifests/chart`);
