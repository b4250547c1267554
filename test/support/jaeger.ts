import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { start } from './command.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

/** A Jaeger on loopback. */
export interface Jaeger {
  /** host:port of its OTLP over gRPC. */
  readonly endpoint: string;
  /** Asks its API, `/api/services`; rejects unless the answer is 200. */
  api(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface JaegerOptions {
  readonly program: string;
  /** Its configuration; in it `texts` are replaced by what is there on this machine. */
  readonly config: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a Jaeger with its data in a folder; resolves when it is healthy. */
export async function startJaeger(
  folder: string,
  { program, config, texts, env }: JaegerOptions,
): Promise<Jaeger> {
  const [otlp, pages, health, grpc] = await freePorts(4);
  const replaced = {
    '/var/lib/jaeger': join(folder, 'jaeger'),
    '0.0.0.0:4317': `127.0.0.1:${otlp}`,
    '0.0.0.0:16686': `127.0.0.1:${pages}`,
    '0.0.0.0:13133': `127.0.0.1:${health}`,
    '127.0.0.1:16685': `127.0.0.1:${grpc}`,
    ...texts,
  };
  const file = join(folder, 'jaeger.yaml');
  const quiet = join(folder, 'jaeger-quiet.yaml');
  await writeFile(
    file,
    Object.entries(replaced).reduce(
      (text, [there, here]) => {
        assert.ok(text.includes(there), `${config} has no ${there}`);
        return text.replaceAll(there, here);
      },
      await readFile(config, 'utf8'),
    ),
  );
  // Else it takes port 8888 of this machine for its own.
  await writeFile(quiet, '{ service: { telemetry: { metrics: { level: none } } } }');
  const running = start(program, [`--config=${file}`, `--config=${quiet}`], { env });
  await eventually(async () => {
    assert.equal(running.child.exitCode, null, running.stderr());
    await ask(`http://127.0.0.1:${health}/status`);
  });
  return {
    endpoint: `127.0.0.1:${otlp}`,
    api: async (path) => JSON.parse(await ask(`http://127.0.0.1:${pages}${path}`)) as unknown,
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.finished;
    },
  };
}
