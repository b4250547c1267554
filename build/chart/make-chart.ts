import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chartFiles, versionOf, type ChartFiles } from './chart-files.ts';
import { features } from './components.ts';
import { joinObjects } from './joined-objects.ts';
import { renderer } from './rendering.ts';

const root = resolve(import.meta.dirname, '../..');
const written = join(import.meta.dirname, 'files');

/** Files of the chart as manifests/ are now, rendered by the program `kubectl`. */
export async function makeChart(kubectl: string): Promise<ChartFiles> {
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
  return chartFiles(joined, await versionOf(join(root, 'package.json')), new Map(files));
}
