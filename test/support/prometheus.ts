import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask as askServer } from './ask.ts';
import { start } from './command.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

/** One series of the answer to an instant query. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** A Prometheus that keeps exemplars, on loopback. */
export interface Prometheus {
  readonly url: string;
  query(promql: string): Promise<readonly Series[]>;
  exemplars(promql: string): Promise<readonly ExemplarSeries[]>;
  stop(): Promise<void>;
}

interface More {
  /** Goes into its configuration. */
  readonly config?: object;
  /** PEM: it is behind TLS, and this says who signed the certificate that a flag names. */
  readonly caFile?: string | undefined;
}

/** Starts a Prometheus with its data in a folder, and with flags of its version. */
export async function startPrometheus(
  program: string,
  folder: string,
  flags: readonly string[],
  { config: more = {}, caFile }: More = {},
): Promise<Prometheus> {
  const [port] = await freePorts(1);
  const url = `${caFile === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const config = join(folder, 'prometheus.yaml');
  // Version 2.42 knows no `otlp`, and does not start on what it does not know.
  const otlp = flags.includes('--web.enable-otlp-receiver')
    ? { promote_resource_attributes: ['k8s.cluster.name', 'k8s.node.name'] }
    : undefined;
  const storage = { exemplars: { max_exemplars: 1000 } };
  await writeFile(config, JSON.stringify({ storage, otlp, ...more }));
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--enable-feature=exemplar-storage',
    ...flags,
  ];
  const running = start(program, args, { timeoutMs: 600_000 });
  await eventually(() => askServer(`${url}/-/ready`, ca));

  async function ask(path: string, query: string): Promise<unknown> {
    const now = Date.now() / 1000;
    const range = { start: String(now - 3600), end: String(now + 60) };
    const parameters = new URLSearchParams({ query, ...range }).toString();
    const answer = await askServer(`${url}/api/v1/${path}?${parameters}`, ca);
    return (JSON.parse(answer) as { readonly data: unknown }).data;
  }

  return {
    url,
    query: async (promql) => ((await ask('query', promql)) as { result: Series[] }).result,
    exemplars: async (promql) => (await ask('query_exemplars', promql)) as ExemplarSeries[],
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.finished;
    },
  };
}
