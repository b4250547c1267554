import { readFile } from 'node:fs/promises';
import type { LocalContext } from '../context.ts';
import { cannotRunHere } from '../errors.ts';
import { run } from './run.ts';

const goSource = 'https://go.dev/dl has it';

/** Rejects where no cluster of processes can run at all. */
export function checkPlatform(platform: string, uid: number | undefined): void {
  if (platform !== 'linux')
    throw cannotRunHere(
      `a local cluster needs Linux; this system is ${platform}; --on kind makes one where there is a container engine`,
    );
  if (uid !== 0)
    throw cannotRunHere(
      `a local cluster needs root (network namespaces, cgroups); this is user ${uid ?? 'unknown'}; start it with sudo, or take --on kind`,
    );
}

export interface GoVersion {
  /** As Go prints it: `go1.26.8`. */
  readonly text: string;
}

/** The installed Go. Rejects where there is none or it is older than `required` (`1.26.6`). */
export async function checkGo(required: string, context: LocalContext): Promise<GoVersion> {
  const { env, signal } = context;
  const asked = await run('go', ['env', 'GOVERSION'], { env, signal }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw cannotRunHere(
        `Go ${required} or newer is needed to build the cluster's programs; no go in PATH; ${goSource}`,
      );
    },
  );
  const text = asked.stdout.trim();
  if (asked.code !== 0)
    throw cannotRunHere(
      `Go ${required} or newer is needed; go env: ${asked.stderr.trim()}; ${goSource}`,
    );
  if (compareVersions(text.replace(/^go/, ''), required) < 0)
    throw cannotRunHere(`Go ${required} or newer is needed; this is ${text}; ${goSource}`);
  return { text };
}

/** Negative, zero or positive as `one` is older than, the same as or newer than `other`. */
export function compareVersions(one: string, other: string): number {
  const a = numbers(one);
  const b = numbers(other);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

/** The newest of the `go` lines of the given go.mod files. */
export async function requiredGo(modFiles: readonly string[]): Promise<string> {
  const texts = await Promise.all(modFiles.map((path) => readFile(path, 'utf8')));
  return texts
    .map((text) => /^go (\S+)$/m.exec(text)?.[1] ?? '1.26')
    .reduce((newest, version) => (compareVersions(version, newest) > 0 ? version : newest), '1.26');
}
