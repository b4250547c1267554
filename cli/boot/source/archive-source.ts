import { bootRecords } from '../../../receivers/log-tailer/boot/records.ts';
import { readArchive } from '../../../receivers/log-tailer/logs/read-archive.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import type { ReadBootSource } from './boot-source.ts';

export interface ArchiveSourceOptions {
  readonly paths: readonly string[];
  readonly pack: string;
  readonly podNamespace: string;
  readonly timeZone: string;
  readonly year: number | undefined;
  readonly log: Log;
}

/** Boots of logs that were taken from a node: without a cluster, a cloud or a network. */
export function archiveSource(options: ArchiveSourceOptions): ReadBootSource {
  return async (signal) => {
    const { definitions, evidence } = await readArchive({ ...options, signal });
    const [first, ...others] = evidence.reports;
    if (evidence.occurrences.length === 0) {
      const why = [first, ...others].flatMap((report) => report?.problem ?? []);
      const problem = `reading ${options.paths.join(', ')}: no event of a boot was found; expected folders that hold the root or /var/log of a node, or files of its logs, and --pack for another system`;
      return {
        kind: 'failed',
        problem: why.length === 0 ? problem : `${problem} (${why.join('; ')})`,
      };
    }
    return { kind: 'read', boots: bootRecords({ definitions, evidence }), notes: [] };
  };
}
