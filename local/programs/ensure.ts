import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalContext } from '../context.ts';
import { ensureInstalled } from '../host/install.ts';
import { buildPrograms } from '../host/os-programs.ts';
import { checkGo, requiredGo, type GoVersion } from '../host/platform.ts';
import { processInfo } from '../host/proc.ts';
import { localPaths } from '../paths.ts';
import { buildCollector, builderConfig, buildTool, toolsDir, type Workshop } from './build.ts';
import {
  buildArguments,
  collectors,
  isCollector,
  tools,
  type CollectorName,
  type ProgramName,
  type Tool,
} from './tools.ts';

const reportEveryMs = 10_000;
const scratchPrefix = '.building-';

/** Where each program lies. */
export type Programs = Readonly<Record<ProgramName, string>>;

/** Path of one program, built first if the cache has it not: for what only benches and tests need. */
export async function ensureProgram(name: ProgramName, context: LocalContext): Promise<string> {
  return (await ensurePrograms([name], true, context))[name];
}

/** Whether the cache has a program as it is pinned now. */
export async function isBuilt(name: ProgramName, context: LocalContext): Promise<boolean> {
  const { cacheDir } = localPaths(context.env);
  return exists((await findPlaces(await requireGo(context), join(cacheDir, 'tools')))[name]);
}

/**
 * Paths of the named programs in the cache, each in a folder that is named after the hash of all that decides what it is.
 * What is missing there is built. Rejects where there is no Go or no C compiler, and when a build fails.
 */
export async function ensurePrograms(
  names: readonly ProgramName[],
  noInstall: boolean,
  context: LocalContext,
): Promise<Programs> {
  const go = await requireGo(context);
  const { cacheDir } = localPaths(context.env);
  const places = await findPlaces(go, join(cacheDir, 'tools'));
  const missing: ProgramName[] = [];
  for (const name of names) if (!(await exists(places[name]))) missing.push(name);
  const first = missing.findIndex(isCollector);
  if (first >= 0 && !missing.includes('builder') && !(await exists(places.builder)))
    missing.splice(first, 0, 'builder');
  if (missing.some((name) => toolOf(name)?.cgo === true))
    await ensureInstalled(buildPrograms, noInstall, context);
  if (missing.length > 0) await buildAll(missing, places, context);
  await linkStablePaths(names, places, join(cacheDir, 'bin'));
  return places;
}

/** Rejects where there is no Go, or one too old for the pinned programs. */
export async function requireGo(context: LocalContext): Promise<GoVersion> {
  return checkGo(await requiredGo(tools.map(modFile)), context);
}

async function buildAll(
  missing: readonly ProgramName[],
  places: Programs,
  context: LocalContext,
): Promise<void> {
  const folder = join(localPaths(context.env).cacheDir, 'tools');
  const scratch = join(folder, `${scratchPrefix}${process.pid}`);
  await removeAbandoned(folder);
  await mkdir(scratch, { recursive: true });
  try {
    for (const [index, name] of missing.entries()) {
      const label = `building ${name} (${index + 1} of ${missing.length})`;
      await reportWhile(label, context, () => buildOne(name, places, { context, scratch }));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function buildOne(name: ProgramName, places: Programs, workshop: Workshop): Promise<void> {
  const tool = toolOf(name);
  if (tool !== undefined) await buildTool(tool, places[name], workshop);
  else if (isCollector(name))
    await buildCollector(name, { builder: places.builder, place: places[name] }, workshop);
}

async function reportWhile(
  label: string,
  { progress }: LocalContext,
  work: () => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const report = (): void =>
    progress(`${label}, ${Math.round((performance.now() - start) / 1000)} s`);
  progress(label);
  const timer = setInterval(report, reportEveryMs);
  try {
    await work();
    report();
  } finally {
    clearInterval(timer);
  }
}

async function findPlaces(go: GoVersion, folder: string): Promise<Programs> {
  const entries = await Promise.all(
    tools.map(async ({ name, module }) => {
      const key = hash(go.text, ...(await moduleInputs(module)));
      return [name, join(folder, `${module}-${key}`, 'bin', name)] as const;
    }),
  );
  const generated = await Promise.all(
    (Object.keys(collectors) as CollectorName[]).map(async (name) => {
      const key = hash(go.text, await readFile(builderConfig(name), 'utf8'));
      return [name, join(folder, `collector-${key}`, 'bin', name)] as const;
    }),
  );
  return Object.fromEntries([...entries, ...generated]) as Programs;
}

/** Sources and pins of a module, and how its programs are built. */
async function moduleInputs(module: string): Promise<string[]> {
  const folder = join(toolsDir, module);
  const names = (await readdir(folder)).filter((name) => /\.(go|mod|sum)$/.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const goMod = texts[names.indexOf('go.mod')] ?? '';
  const commands = tools
    .filter((tool) => tool.module === module)
    .flatMap((tool) => [String(tool.cgo), ...buildArguments(tool, goMod, tool.name)]);
  return [...texts, ...commands];
}

/** The newest programs also under paths without a hash, for users: `bin/kubectl` in the cache. */
async function linkStablePaths(
  names: readonly ProgramName[],
  places: Programs,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const fresh = join(folder, `.${name}-${process.pid}`);
    await symlink(places[name], fresh);
    await rename(fresh, join(folder, name));
  }
}

/** Scratch folders of builds that were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const abandoned =
      name.startsWith(scratchPrefix) &&
      processInfo(Number(name.slice(scratchPrefix.length))) === undefined;
    if (abandoned) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function toolOf(name: ProgramName): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}

function modFile({ module }: Tool): string {
  return join(toolsDir, module, 'go.mod');
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
