import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPack } from '../../receivers/log-tailer/packs/built-in.ts';
import { compilePack } from '../../receivers/log-tailer/scan/compile-pack.ts';
import { start } from '../../test/support/command.ts';
import { program } from '../../test/support/cluster.ts';
import { childrenCpuMs, cost } from '../prober/child-cpu.ts';

export interface Ran {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What is looked for: patterns of the events that a log of Amazon Linux 2 and that of its CNI plugin tell of. */
export const patterns = builtInPack('al2').events.flatMap((event) =>
  event.patterns
    .filter(({ source }) => source === 'Messages' || source === 'aws-node')
    .map(({ pattern }) => pattern.replaceAll('{podNamespace}', 'default')),
);

export function ripgrep(log: string): Promise<Ran> {
  const expressions = patterns.flatMap((pattern) => ['-e', pattern]);
  return counted(['rg', '--no-config', '--text', '--count', '--include-zero', ...expressions, log]);
}

/** As if the literals were all that there is to a pattern. */
export async function grepFixed(log: string): Promise<Ran> {
  const { sources } = await compilePack(builtInPack('al2'), 'default');
  const rules = sources
    .filter(({ name }) => name === 'Messages' || name === 'aws-node')
    .flatMap((source) => source.rules.filter(({ telling }) => telling.kind === 'event'));
  const literals = rules.flatMap(({ pattern }) => pattern.literals.map(String));
  const expressions = literals.flatMap((literal) => ['-e', literal]);
  const env = { LC_ALL: 'C' };
  return counted(['grep', '--text', '--count', '--fixed-strings', ...expressions, log], env);
}

/** A readable loop over lines; `entry` is the bundled program. */
export function naive(entry: string, log: string): Promise<Ran> {
  return counted([process.execPath, entry, log, ...patterns]);
}

async function counted(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { wallMs, cpuMs } = await cost(command, env);
  return { wallMs, cpuMs };
}

/** The Collector's receiver of files with the same patterns, from its start to the last line's record in a file. */
export async function fileLog(log: string, lastLine: string): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const output = join(folder, 'records.json');
  const config = join(folder, 'config.yaml');
  await writeFile(config, JSON.stringify(collectorConfig(log, output)));
  const [cpuBefore, beganMs] = [childrenCpuMs(), performance.now()];
  const { child, finished } = start(program('otelcol-kube-latency'), ['--config', config], {
    timeoutMs: 300_000,
  });
  try {
    let wallMs = 0;
    while (wallMs === 0) {
      if (child.exitCode !== null) throw new Error(`otelcol: ${(await finished).stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if ((await lastBytes(output)).includes(lastLine)) wallMs = performance.now() - beganMs;
    }
    child.kill('SIGTERM');
    await finished;
    return { wallMs, cpuMs: childrenCpuMs() - cpuBefore };
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
}

async function lastBytes(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (text) => text.slice(-200_000),
    () => '',
  );
}

function collectorConfig(log: string, output: string): object {
  const all = patterns.map((pattern) => `(${pattern})`).join('|');
  return {
    receivers: {
      file_log: {
        include: [log],
        start_at: 'beginning',
        operators: [
          { type: 'filter', expr: `not (body matches ${JSON.stringify(all)})` },
          {
            type: 'regex_parser',
            regex: '^(?P<time>[A-Z][a-z]+ +[0-9]+ [0-9:]+) ',
            timestamp: { parse_from: 'attributes.time', layout: '%b %e %H:%M:%S' },
          },
        ],
      },
    },
    exporters: { file: { path: output, flush_interval: '100ms' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { logs: { receivers: ['file_log'], exporters: ['file'] } },
    },
  };
}
