import { readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { clusterFailed } from './errors.ts';
import { removeCgroup } from './host/cgroups.ts';
import { removeForwardRule } from './host/forwarding.ts';
import { readJournal, type JournalEntry } from './host/journal.ts';
import { awaitReaped, killAll } from './host/kill.ts';
import { markVariable } from './host/proc.ts';
import { run, runOk } from './host/run.ts';
import type { LocalPaths } from './paths.ts';
import { network } from './plan.ts';

/**
 * Removes everything that `up` made, however far it came, and resolves with whether there was anything. The order matters:
 * while processes live they make new things; the journal goes last.
 */
export async function takeDown(paths: LocalPaths): Promise<boolean> {
  const { clusterDir } = paths;
  const entries = readJournal(paths.journal);
  const killed = await killAll({
    variable: `${markVariable}=${clusterDir}`,
    cgroups: pick(entries, 'cgroup').map(({ path }) => path),
    processes: pick(entries, 'process'),
  });
  await removeLinks(pick(entries, 'link').map(({ name }) => name));
  for (const { family, name } of pick(entries, 'nft-table')) await removeTable(family, name);
  for (const rule of pick(entries, 'forward-rule')) await removeForwardRule(rule);
  for (const { path } of pick(entries, 'cgroup')) await removeCgroup(path);
  for (const { name, before } of pick(entries, 'sysctl').toReversed())
    await writeFile(join('/proc/sys', name), before);
  const existed = existsSync(clusterDir);
  await removeFolder(clusterDir);
  await awaitReaped(killed);
  return killed.length > 0 || existed;
}

function pick<Kind extends JournalEntry['kind']>(
  entries: readonly JournalEntry[],
  kind: Kind,
): Extract<JournalEntry, { kind: Kind }>[] {
  return entries.filter(
    (entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind,
  );
}

const linksSchema = z.array(z.looseObject({ ifname: z.string(), master: z.string().optional() }));

/** The links, and the ends of pods' links on the bridge of pods: the kernel would take a moment to remove them by itself. */
async function removeLinks(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const ours = async (): Promise<string[]> => {
    const links = linksSchema.parse(JSON.parse(await runOk('ip', ['-json', 'link'])));
    return links
      .filter(({ ifname, master }) => names.includes(ifname) || master === network.podBridge)
      .map(({ ifname }) => ifname);
  };
  for (const name of await ours()) await run('ip', ['link', 'delete', name]);
  const left = await ours();
  if (left.length > 0)
    throw clusterFailed(
      `cannot remove network interfaces ${left.join(', ')}; \`ip link delete\` says why, then \`kube-latency down\` again`,
    );
}

async function removeTable(family: string, name: string): Promise<void> {
  if ((await run('nft', ['list', 'table', family, name])).code !== 0) return;
  await runOk('nft', ['delete', 'table', family, name]);
}

/** The folder with all in it, and those above it that are then empty and bear our name. */
async function removeFolder(clusterDir: string): Promise<void> {
  const mounts = await mountsBelow(clusterDir);
  if (mounts.length > 0)
    throw clusterFailed(
      `something is mounted below ${clusterDir}: ${mounts.join(', ')}; unmount it, then \`kube-latency down\` again`,
    );
  await rm(clusterDir, { recursive: true, force: true });
  const parent = dirname(clusterDir);
  if (existsSync(parent) && (await readdir(parent)).length === 0) await rmdir(parent);
}

async function mountsBelow(folder: string): Promise<string[]> {
  return (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .filter((mountPoint) => mountPoint.startsWith(`${folder}/`));
}
