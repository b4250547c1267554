import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from '../../local/repository.ts';
import { bundle, type Replacements } from '../bundle.ts';
import { imagePrograms } from '../image/app-files.ts';
import { bundledPages, bundlePrograms } from '../image/bundle-programs.ts';
import { koffiUsers } from './copy-programs.ts';
import { launcher, packageManifest, type Described } from './manifest.ts';

/** What commands read, and what README.md links to, at the same places in the package. */
const shipped = [
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs',
  'collector-config',
  'manifests',
  'docker-compose',
  'docker-compose.yaml',
  'local/README.md',
  'local/manifests',
  'local/tools',
  'kind/README.md',
  'kind/cluster.yaml',
  'kind/single-node.yaml',
  'kind/node',
  'build/image/README.md',
];

/** Makes the folder of the npm package anew: bundles, and what they read. */
export async function makePackageFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const receivers = Object.values(imagePrograms)
    .filter((program) => program.startsWith('receivers/'))
    .map((program) => join(dirname(program), 'README.md'));
  for (const path of [...shipped, ...receivers])
    await cp(join(repository, path), join(folder, path), { recursive: true });
  const described = await readFile(join(repository, 'package.json'), 'utf8');
  const manifest = packageManifest(JSON.parse(described) as Described);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await mkdir(dirname(join(folder, launcher)), { recursive: true });
  await cp(join(import.meta.dirname, 'launcher.mjs'), join(folder, launcher));
  await bundle('cli/main.ts', join(folder, 'dist/kube-latency'), await packageReplacements());
  await bundle('local/health-probe/main.ts', join(folder, 'dist/health-probe'));
  await bundlePrograms(imagePrograms, join(folder, 'dist/image'));
  await leaveOutKoffi(folder);
}

/** Its binary is for this machine alone: npm brings the one for the machine that the package is installed on. */
async function leaveOutKoffi(folder: string): Promise<void> {
  const modules = (name: string): string => join(folder, 'dist/image', name, 'node_modules');
  const users = Object.keys(imagePrograms).filter((name) => existsSync(modules(name)));
  await writeFile(join(folder, koffiUsers), JSON.stringify(users));
  for (const copied of [join(folder, 'dist/kube-latency/node_modules'), ...users.map(modules)])
    await rm(copied, { recursive: true, force: true });
}

/** What programs in the package have instead of the repository's sources. */
export async function packageReplacements(): Promise<Replacements> {
  return {
    'local/repository.ts': placesInPackage,
    'build/image/bundle-programs.ts':
      "export { copyPrograms as bundlePrograms } from '../package/copy-programs.ts';",
    ...(await bundledPages()),
  };
}

const placesInPackage = `
import { join, resolve } from 'node:path';
export const repository = resolve(import.meta.dirname, '../..');
export const entries = {
  command: join(repository, 'dist/kube-latency/main.mjs'),
  healthProbe: join(repository, 'dist/health-probe/main.mjs'),
};
export const imageSources = { packing: ['dist/kube-latency'], bundles: ['dist', 'package.json'] };
`;
