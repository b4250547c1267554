import { readFile } from 'node:fs/promises';

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
  const first = await read(options.path);
  if (first.parsed.kind === 'invalid')
    throw new ConfigError(`${options.path}: ${first.parsed.problem}`);
  return { file: first.parsed.file, ended: follow(options, first.text) };
}

async function follow(options: PeersFileOptions, first: string): Promise<void> {
  const { path, everyMs, signal, onChange, onProblem } = options;
  for (let last = first; !signal.aborted;) {
    await sleep(everyMs, signal);
    if (signal.aborted) return;
    const { text, parsed } = await read(path);
    if (text === last) continue;
    last = text;
    if (parsed.kind === 'ok') onChange(parsed.file);
    else onProblem(`${path}: ${parsed.problem}`);
  }
}

async function read(path: string): Promise<{ text: string; parsed: ParsedPeersFile }> {
  try {
    const text = await readFile(path, 'utf8');
    return { text, parsed: parsePeersFile(text) };
  } catch (caught) {
    const problem = messageOf(caught);
    return { text: problem, parsed: { kind: 'invalid', problem } };
  }
}
