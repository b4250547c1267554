/** `npm run package`: makes dist/npm, the command as an npm package, and its tarball beside it. */
import { join } from 'node:path';
import { repository } from '../../local/repository.ts';
import { packPackage } from './pack.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));

try {
  const packed = await packPackage(join(repository, 'dist/npm'), stop.signal);
  console.log(
    `${packed.path}\n  ${(packed.bytes / 1e6).toFixed(1)} MB, ${(packed.unpackedBytes / 1e6).toFixed(1)} MB unpacked`,
  );
} catch (error) {
  console.error(`package: ${(error as Error).message}`);
  process.exitCode = 1;
}
