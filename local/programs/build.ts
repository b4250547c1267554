import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalContext } from '../context.ts';
import { clusterFailed } from '../errors.ts';
import { markVariable } from '../host/proc.ts';
import { run } from '../host/run.ts';
import { localPaths } from '../paths.ts';
import { repository } from '../repository.ts';
import { buildArguments, collectors, type CollectorName, type Tool } from './tools.ts';

export const toolsDir = join(repository, 'local/tools');
const collectorConfig = join(repository, 'collector-config');

/** What building takes. */
export interface Workshop {
  readonly context: LocalContext;
  /** A folder of this build alone, on the file system of the cache. */
  readonly scratch: string;
}

/** Builds one tool and puts it at `place` when it is whole. */
export async function buildTool(tool: Tool, place: string, workshop: Workshop): Promise<void> {
  const cwd = join(toolsDir, tool.module);
  const goMod = await readFile(join(cwd, 'go.mod'), 'utf8');
  const output = join(workshop.scratch, tool.name);
  const args = buildArguments(tool, goMod, output);
  await compile('go', args, { ...workshop, cwd, env: { CGO_ENABLED: tool.cgo ? '1' : '0' } });
  await putInPlace(output, place);
}

/** What decides what a collector is made of. */
export function builderConfig(name: CollectorName): string {
  return join(collectorConfig, collectors[name]);
}

/** Has `builder` generate and build a collector, and puts it at `place` when it is whole. */
export async function buildCollector(
  name: CollectorName,
  { builder, place }: { readonly builder: string; readonly place: string },
  workshop: Workshop,
): Promise<void> {
  const folder = join(workshop.scratch, 'collector');
  const env = { 'dist.output_path': folder };
  await compile(builder, [`--config=${builderConfig(name)}`], {
    ...workshop,
    cwd: workshop.scratch,
    env,
  });
  await putInPlace(join(folder, name), place);
}

interface Compilation extends Workshop {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function compile(program: string, args: readonly string[], how: Compilation): Promise<void> {
  const { context, scratch, cwd } = how;
  const env = {
    ...context.env,
    GOTMPDIR: scratch,
    TMPDIR: scratch,
    [markVariable]: localPaths(context.env).clusterDir,
    ...how.env,
  };
  const { code, stdout, stderr } = await run(program, args, { cwd, env, signal: context.signal });
  if (code === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
  throw clusterFailed(`${[program, ...args].join(' ')} in ${cwd}: exit code ${code}\n${said}`);
}

async function putInPlace(built: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await rename(built, place);
}
