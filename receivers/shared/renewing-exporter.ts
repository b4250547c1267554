import { statSync } from 'node:fs';

import type { Exporter } from './retrying-exporter.ts';

/** The files that the standard variables name for TLS of a signal. */
export function certificateFiles(
  signal: 'traces' | 'metrics' | 'logs',
  env: NodeJS.ProcessEnv,
): readonly string[] {
  return ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY']
    .map((what) => {
      const own = env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`]?.trim();
      const common = env[`OTEL_EXPORTER_OTLP_${what}`]?.trim();
      return own === undefined || own === '' ? common : own;
    })
    .filter((path): path is string => path !== undefined && path !== '');
}

/** What changes when one of the files does; undefined while one of them cannot be read. */
function versionOf(files: readonly string[]): string | undefined {
  try {
    return files
      .map((path) => statSync(path))
      .map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`)
      .join();
  } catch {
    return undefined; // It is being replaced: what was read before serves until it is there.
  }
}

/**
 * An exporter that is made anew when the files of its certificate have changed, for the exporters of the SDK read them
 * only once. Batches that are under way stay with the one that they were given to.
 */
export function createRenewingExporter<Batch>(
  make: () => Exporter<Batch>,
  files: readonly string[],
): Exporter<Batch> {
  let version = versionOf(files);
  let inner = make();
  return {
    export: (batch, done) => {
      const now = versionOf(files);
      if (now !== undefined && now !== version) {
        inner.shutdown().catch(() => {}); // Its batches have told their own outcome.
        inner = make();
        version = now;
      }
      inner.export(batch, done);
    },
    shutdown: () => inner.shutdown(),
  };
}
