import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { copyingKoffi } from './koffi-files.ts';

/** Packages written for CommonJS ask for `require`, which a module does not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/** As a module it loads gRPC in a way that no bundler follows, when the first data is sent; as CommonJS it does not. */
const grpcExporter = '@opentelemetry/otlp-grpc-exporter-base';

const root = resolve(import.meta.dirname, '..');

/** Texts of modules that stand in for those of the repository, by their paths in it. */
export type Replacements = Readonly<Record<string, string>>;

/**
 * Bundles a program (`receivers/pod-prober/main.ts`) into a folder and gives the path of its entry. The folder holds many
 * files: the entry is small and loads the rest when it is needed, so that the first request leaves early. One single file
 * would have to be parsed whole before.
 */
export async function bundle(
  program: string,
  folder: string,
  replacements: Replacements = {},
): Promise<string> {
  await build({
    entryPoints: [join(root, program)],
    // Names of chunks are hashes of what is in them, paths included.
    absWorkingDir: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    alias: {
      undici: join(root, 'build/no-undici.ts'),
      http: join(root, 'build/no-websocket-http.ts'),
      'node:http': join(root, 'build/no-websocket-http.ts'),
      [grpcExporter]: createRequire(import.meta.url).resolve(grpcExporter),
    },
    plugins: [replacing(replacements), copyingKoffi(folder)],
    banner: { js: requireBanner },
    logLevel: 'error',
  });
  return join(folder, 'main.mjs');
}

/** Fails when a replaced module is not part of the bundle: then it has moved, and what it was replaced for is in it. */
function replacing(replacements: Replacements): Plugin {
  return {
    name: 'replacing',
    setup(bundling) {
      const unused = new Set(Object.keys(replacements));
      for (const [path, contents] of Object.entries(replacements)) {
        const filter = new RegExp(`^${RegExp.escape(join(root, path))}$`);
        bundling.onLoad({ filter }, (found) => {
          unused.delete(path);
          return { contents, loader: 'ts', resolveDir: dirname(found.path) };
        });
      }
      bundling.onEnd(() => ({
        errors: [...unused].map((path) => ({ text: `${path} is not part of the bundle` })),
      }));
    },
  };
}
