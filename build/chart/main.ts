/** `npm run chart`: writes manifests/chart, the Helm chart, from manifests/. KUBECTL names a kubectl that is not on the path. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeChart } from './make-chart.ts';

const target = resolve(import.meta.dirname, '../../manifests/chart');

const chart = await makeChart(process.env['KUBECTL'] ?? 'kubectl');
await rm(target, { recursive: true, force: true });
for (const [path, content] of chart) {
  await mkdir(dirname(join(target, path)), { recursive: true });
  await writeFile(join(target, path), content);
}
console.log(`${chart.size} files in manifests/chart`);
