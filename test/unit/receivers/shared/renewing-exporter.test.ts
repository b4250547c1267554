import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateFiles,
  createRenewingExporter,
} from '../../../../receivers/shared/renewing-exporter.ts';

describe('createRenewingExporter', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-renew-'));
    file = join(folder, 'tls.crt');
    await writeFile(file, 'first');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes another exporter when a file has changed, and shuts the old one down', async () => {
    const made = makers();
    const exporter = createRenewingExporter(made.make, [file]);
    exporter.export('a', () => {});
    exporter.export('b', () => {});
    await writeFile(file, 'second, longer');
    exporter.export('c', () => {});

    assert.deepEqual(made.said, ['1 a', '1 b', '1 shutdown', '2 c']);
  });

  it('keeps the one it has while a file is missing', async () => {
    const made = makers();
    const exporter = createRenewingExporter(made.make, [file]);
    await rm(file);
    exporter.export('a', () => {});
    await exporter.shutdown();

    assert.deepEqual(made.said, ['1 a', '1 shutdown']);
  });
});

describe('certificateFiles', () => {
  it('takes those of the signal before those of all', () => {
    const env = {
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/all/ca',
      OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: '/traces/key',
      OTEL_EXPORTER_OTLP_CLIENT_KEY: '/all/key',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '',
    };

    assert.deepEqual(certificateFiles('traces', env), ['/all/ca', '/traces/key']);
    assert.deepEqual(certificateFiles('metrics', env), ['/all/ca', '/all/key']);
  });
});

/** Exporters that say what is done to them, each with its number. */
function makers() {
  const said: string[] = [];
  let count = 0;
  const make = () => {
    const number = ++count;
    return {
      export: (batch: string) => void said.push(`${number} ${batch}`),
      shutdown: () => {
        said.push(`${number} shutdown`);
        return Promise.resolve();
      },
    };
  };
  return { said, make };
}
