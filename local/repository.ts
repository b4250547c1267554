import { join, resolve } from 'node:path';

/** Folder of the repository; in the npm package, of the package, which has the same files in the same places. */
export const repository = resolve(import.meta.dirname, '..');

/** Programs that others start, each with this Node. */
export const entries = {
  command: join(repository, 'cli/main.ts'),
  healthProbe: join(repository, 'local/health-probe/main.ts'),
} as const;

/** What images are made of, relative to the folder: what packs them, and with the bundles in them. */
export const imageSources = {
  packing: ['build/image'],
  bundles: [
    'receivers',
    'operator',
    'cli',
    'local',
    'kind',
    'build',
    'package.json',
    'package-lock.json',
  ],
} as const;
