import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { start } from './command.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

/** A line that Loki found. */
interface LokiLine {
  readonly line: string;
  /** The stream's labels and the line's structured metadata: what a derived field of Grafana sees as labels. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface LokiOptions {
  readonly program: string;
  /** Its configuration; in it `paths` are replaced by what is there on this machine. */
  readonly config: string;
  readonly paths: Readonly<Record<string, string>>;
  /** As it is started elsewhere, but for -config.file. */
  readonly args: readonly string[];
  /** PEM file of the authority that signed its certificate, where it has one. */
  readonly caFile?: string;
}

/** A Loki on loopback. */
export interface Loki {
  readonly url: string;
  /** Lines of the last ten minutes and those to come. */
  query(logql: string): Promise<readonly LokiLine[]>;
  stop(): Promise<void>;
}

/** Starts a Loki with its data in a folder; resolves when it is ready, which takes it 15 s. */
export async function startLoki(
  folder: string,
  { program, config, paths, args, caFile }: LokiOptions,
): Promise<Loki> {
  const [http, grpc] = await freePorts(2);
  const url = `${caFile === undefined ? 'http' : 'https'}://127.0.0.1:${http}`;
  const file = join(folder, 'loki.yaml');
  const text = Object.entries(paths).reduce(
    (before, [path, here]) => before.replaceAll(path, here),
    await readFile(config, 'utf8'),
  );
  await writeFile(file, text);
  const running = start(
    program,
    [
      ...args,
      `-config.file=${file}`,
      '-server.http-listen-address=127.0.0.1',
      `-server.http-listen-port=${http}`,
      '-server.grpc-listen-address=127.0.0.1',
      `-server.grpc-listen-port=${grpc}`,
    ],
    { timeoutMs: 300_000 },
  );
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  await eventually(
    async () => {
      assert.equal(running.child.exitCode, null, running.stderr());
      assert.equal((await ask(`${url}/ready`, ca)).trim(), 'ready');
    },
    { withinMs: 90_000 },
  );
  return {
    url,
    query: async (query) => {
      const range = {
        start: String((Date.now() - 600_000) * 1e6),
        end: String((Date.now() + 600_000) * 1e6),
      };
      const parameters = new URLSearchParams({ query, ...range }).toString();
      return lines(await ask(`${url}/loki/api/v1/query_range?${parameters}`, ca));
    },
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.finished;
    },
  };
}

function lines(answer: string): LokiLine[] {
  const { data } = JSON.parse(answer) as {
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
  };
  return data.result.flatMap(({ stream, values }) =>
    values.map(([, line]) => ({ line, labels: stream })),
  );
}
