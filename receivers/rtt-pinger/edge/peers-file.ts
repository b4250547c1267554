import { access, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { sleep } from '../../shared/deadline.ts';
import { ConfigError, messageOf } from '../../shared/errors.ts';
import { joinedPeers, parsePeersFile, type PeersFile } from '../core/peers-file.ts';

export interface PeersFileOptions {
  /** One list may be in several files. */
  readonly paths: readonly string[];
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (peers: PeersFile) => void;
  /** A file cannot be read or is wrong, and has changed since it was last told: what was there before still holds. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Reads the peers and then, until the signal ends, again whenever a file has changed: a mounted ConfigMap is swapped as a whole,
 * an editor writes piece by piece. A file that is not there has no peers: a ConfigMap may come later than the pod, and go before it.
 * One that is wrong at the start is told and has none either: whoever waits for this program, as a pod does for its sidecars, is not held up by it.
 * Rejects with a ConfigError where even the folder of a file is missing.
 */
export async function followPeersFile(
  options: PeersFileOptions,
): Promise<{ readonly file: PeersFile; readonly ended: Promise<void> }> {
  const versions = await Promise.all(
    options.paths.map(async (path): Promise<Version> => {
      const mark = await markOf(path);
      const content = await contentOf(path);
      if (content.kind === 'absent') await requireFolder(path);
      return { path, mark, content };
    }),
  );
  const parsed = parsedOf(versions);
  if (parsed.kind === 'invalid') options.onProblem(parsed.problem);
  const file = parsed.kind === 'ok' ? parsed.file : joinedPeers([]);
  return { file, ended: follow(options, versions) };
}

/** A file as it was read. */
interface Version {
  readonly path: string;
  readonly mark: string;
  readonly content: Content;
}

type Content =
  | { readonly kind: 'text'; readonly text: string }
  /** Once: it may be about to be replaced. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly text: string };

async function requireFolder(path: string): Promise<void> {
  try {
    await access(dirname(path));
  } catch (caught) {
    throw new ConfigError(`${path}: ${messageOf(caught)}`, { cause: caught });
  }
}

async function follow(options: PeersFileOptions, first: readonly Version[]): Promise<void> {
  const { everyMs, signal, onChange, onProblem } = options;
  const looks = first.map((version) => ({ version, missed: false }));
  while (!signal.aborted) {
    await sleep(everyMs, signal);
    if (signal.aborted) return;
    let changed = false;
    for (const look of looks) {
      const before = look.version;
      const now = await lookedAt(before);
      const vanishes = now.content.kind === 'absent' && before.content.kind !== 'absent';
      const wait = vanishes && !look.missed;
      look.missed = vanishes;
      if (wait) continue;
      look.version = now;
      changed ||= !sameContent(now.content, before.content);
    }
    if (!changed) continue;
    const parsed = parsedOf(looks.map(({ version }) => version));
    if (parsed.kind === 'ok') onChange(parsed.file);
    else onProblem(parsed.problem);
  }
}

async function lookedAt(before: Version): Promise<Version> {
  const { path } = before;
  // What is asked before the text is at most as new as the text.
  const mark = await markOf(path);
  if (mark !== '' && mark === before.mark) return before;
  return { path, mark, content: await contentOf(path) };
}

function sameContent(one: Content, other: Content): boolean {
  const textOf = (content: Content): string => (content.kind === 'absent' ? '' : content.text);
  return one.kind === other.kind && textOf(one) === textOf(other);
}

/** A change within this is not sure to change the file's times, which the kernel takes by its ticks. */
const tooFreshMs = 2000;

/** Differs where the file has changed. Empty: who knows. */
async function markOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    if (Math.abs(Date.now() - Number(ctimeMs)) < tooFreshMs) return '';
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    // Why it cannot be read is told by reading it.
    return '';
  }
}

async function contentOf(path: string): Promise<Content> {
  try {
    return { kind: 'text', text: await readFile(path, 'utf8') };
  } catch (caught) {
    const isAbsent = (caught as NodeJS.ErrnoException).code === 'ENOENT';
    return isAbsent ? { kind: 'absent' } : { kind: 'unreadable', text: messageOf(caught) };
  }
}

type ParsedPeers =
  | { readonly kind: 'ok'; readonly file: PeersFile }
  | { readonly kind: 'invalid'; readonly problem: string };

function parsedOf(versions: readonly Version[]): ParsedPeers {
  const files: PeersFile[] = [];
  for (const { path, content } of versions) {
    if (content.kind === 'absent') continue;
    if (content.kind === 'unreadable')
      return { kind: 'invalid', problem: `${path}: ${content.text}` };
    const parsed = parsePeersFile(content.text);
    if (parsed.kind === 'invalid')
      return { kind: 'invalid', problem: `${path}: ${parsed.problem}` };
    files.push(parsed.file);
  }
  return { kind: 'ok', file: joinedPeers(files) };
}
