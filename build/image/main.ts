/** `npm run image`: makes the images as OCI archives, without Docker, and prints path, compressed size and digest of each. */
import { join } from 'node:path';
import type { LocalContext } from '../../local/context.ts';
import { localPaths } from '../../local/paths.ts';
import { ensurePrograms } from '../../local/programs/ensure.ts';
import { sandboxImage } from '../../local/cluster/image-names.ts';
import {
  packCollector,
  packKubeLatency,
  packProgram,
  packViewer,
  type PackedImage,
} from './pack.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));

try {
  await main({
    env: process.env,
    signal: stop.signal,
    progress: (line) => console.error(line),
  });
} catch (error) {
  console.error(`image: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(context: LocalContext): Promise<void> {
  const folder = join(localPaths(context.env).cacheDir, 'images');
  const packing = { folder, signal: context.signal };
  print(await packKubeLatency(packing));
  const wanted = ['otelcol-kube-latency', 'otel-desktop-viewer', 'pause'] as const;
  const programs = await ensurePrograms(wanted, true, context);
  print(await packCollector(programs['otelcol-kube-latency'], packing));
  print(await packViewer(programs['otel-desktop-viewer'], packing));
  print(await packProgram(sandboxImage, programs.pause, packing));
}

function print({ reference, path, layerBytes, digest }: PackedImage): void {
  console.log(
    `${reference}\n  ${path}\n  ${(layerBytes / 1e6).toFixed(1)} MB compressed\n  ${digest}`,
  );
}
