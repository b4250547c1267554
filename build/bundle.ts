import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages written for CommonJS ask for `require`, which a module does not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/** As a module it loads gRPC in a way that no bundler follows, when the first data is sent; as CommonJS it does not. */
const grpcExporter = '@opentelemetry/otlp-grpc-exporter-base';

/**
 * Bundles a program (`receivers/pod-prober/main.ts`) into a folder and gives the path of its entry. The folder holds many
 * files: the entry is small and loads the rest when it is needed, so that the first request leaves early. One single file
 * would have to be parsed whole before.
 */
export async function bundle(program: string, folder: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL(`../${program}`, import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    alias: {
      undici: fileURLToPath(new URL('./no-undici.ts', import.meta.url)),
      [grpcExporter]: createRequire(import.meta.url).resolve(grpcExporter),
    },
    banner: { js: requireBanner },
    logLevel: 'error',
  });
  return join(folder, 'main.mjs');
}
