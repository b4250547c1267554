import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import { sleep } from '../../../shared/deadline.ts';
import { messageOf } from '../../../shared/errors.ts';
import { readBounded } from '../../../shared/read-bounded.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Source, SourceOptions } from '../../core/source.ts';
import { cloudInitSource as source } from './events.ts';
import { parseStatus, type CloudInitStatus } from './status.ts';

export interface FollowCloudInitOptions extends SourceOptions {
  /** Where status.json may be, the best place first. */
  readonly paths: readonly string[];
  /** Pause between two looks. */
  readonly everyMs: number;
}

const maxBytes = 1024 * 1024;

/** Looks at cloud-init's status until its last stage is over. */
export function followCloudInit(options: FollowCloudInitOptions): Source {
  const { paths, everyMs, signal, onChange } = options;
  let last: ReadStatus = { kind: 'failed', problem: 'it was not looked at yet' };

  async function follow(): Promise<void> {
    let before = '';
    while (!signal.aborted) {
      const { text, read } = await readStatus(paths);
      last = read;
      if (text !== before) onChange();
      before = text;
      if (read.kind === 'status' && read.status.done) return;
      await sleep(everyMs, signal);
    }
  }

  return { ended: follow(), evidence: () => evidenceOf(last) };
}

/** Looks once. */
export async function askCloudInit(paths: readonly string[]): Promise<Evidence> {
  return evidenceOf((await readStatus(paths)).read);
}

type ReadStatus =
  | { readonly kind: 'status'; readonly status: CloudInitStatus }
  | { readonly kind: 'failed'; readonly problem: string };

function evidenceOf(read: ReadStatus): Evidence {
  return read.kind === 'failed'
    ? { occurrences: [], activities: [], reports: [{ source, problem: read.problem }], facts: {} }
    : {
        occurrences: read.status.occurrences,
        activities: read.status.activities,
        reports: [{ source }],
        facts: {},
      };
}

/** What the first file says that is there; the text is also that of a problem. */
async function readStatus(
  paths: readonly string[],
): Promise<{ readonly text: string; readonly read: ReadStatus }> {
  const problems: string[] = [];
  for (const path of paths) {
    const found = await readText(path);
    const status = found.kind === 'text' ? parseStatus(found.text) : undefined;
    if (found.kind === 'text' && status !== undefined)
      return { text: found.text, read: { kind: 'status', status } };
    problems.push(found.kind === 'text' ? `${path}: expected its status as JSON` : found.problem);
  }
  const problem = problems.join('; ');
  return { text: problem, read: { kind: 'failed', problem } };
}

async function readText(
  path: string,
): Promise<
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly problem: string }
> {
  try {
    // A pipe must not hold it up.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = await readBounded(file.createReadStream({ autoClose: false }), maxBytes);
      return bytes === undefined
        ? { kind: 'failed', problem: `${path}: expected at most ${maxBytes} bytes, got more` }
        : { kind: 'text', text: bytes.toString('utf8') };
    } finally {
      await file.close();
    }
  } catch (caught) {
    return { kind: 'failed', problem: messageOf(caught) };
  }
}
