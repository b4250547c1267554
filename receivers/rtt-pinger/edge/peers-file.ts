import { readFile, stat } from 'node:fs/promises';

import { sleep } from '../../shared/deadline.ts';
import { ConfigError, messageOf } from '../../shared/errors.ts';
import { parsePeersFile, type ParsedPeersFile, type PeersFile } from '../core/peers-file.ts';

export interface PeersFileOptions {
  readonly path: string;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (file: PeersFile) => void;
  /** The file cannot be read or is wrong, and has changed since it was last told: what it said before still holds. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Reads the peers and then, until the signal ends, again whenever the file has changed: a mounted ConfigMap is swapped as a whole,
 * an editor writes piece by piece. Rejects with a ConfigError where it is wrong at the start.
 */
export async function followPeersFile(
  options: PeersFileOptions,
): Promise<{ readonly file: PeersFile; readonly ended: Promise<void> }> {
  const { path } = options;
  const mark = await markOf(path);
  const content = await contentOf(path);
  const parsed = parsedOf(content);
  if (parsed.kind === 'invalid') throw new ConfigError(`${path}: ${parsed.problem}`);
  return { file: parsed.file, ended: follow(options, { mark, content }) };
}

/** A file as it was read. */
interface Version {
  readonly mark: string;
  readonly content: Content;
}

type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly text: string };

async function follow(options: PeersFileOptions, first: Version): Promise<void> {
  const { path, everyMs, signal, onChange, onProblem } = options;
  for (let last = first; !signal.aborted;) {
    await sleep(everyMs, signal);
    if (signal.aborted) return;
    // What is asked before the text is at most as new as the text.
    const mark = await markOf(path);
    if (mark !== '' && mark === last.mark) continue;
    const before = last.content;
    const content = await contentOf(path);
    last = { mark, content };
    if (content.kind === before.kind && content.text === before.text) continue;
    const parsed = parsedOf(content);
    if (parsed.kind === 'ok') onChange(parsed.file);
    else onProblem(`${path}: ${parsed.problem}`);
  }
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
    return { kind: 'unreadable', text: messageOf(caught) };
  }
}

function parsedOf({ kind, text }: Content): ParsedPeersFile {
  return kind === 'text' ? parsePeersFile(text) : { kind: 'invalid', problem: text };
}
