import { basename, matchesGlob } from 'node:path';

import type { Pack, PackSource } from '../packs/pack.ts';
import { foldersOf } from './journal-folders.ts';

/** What is to be read for one source. */
export interface ArchivePart {
  readonly source: string;
  readonly form: 'text' | 'journal' | 'export';
  /** Globs of text, folders and files of journals, files of exports. */
  readonly paths: readonly string[];
}

/** A path that was given, and what it is. */
export interface GivenPath {
  readonly path: string;
  readonly isFolder: boolean;
  /** Its first bytes, where it is a file. */
  readonly begin: Buffer;
}

const logFolder = '/var/log';

/** Which parts of given paths are of which source of a pack. A folder stands for the root of a node, or for its /var/log. */
export function archivePlan({ sources }: Pack, given: readonly GivenPath[]): ArchivePart[] {
  const parts = given.flatMap((each) =>
    each.isFolder ? ofFolder(each, sources) : ofFile(each, sources),
  );
  const bySource = Map.groupBy(parts, ({ source, form }) => `${form} ${source}`);
  return [...bySource.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ ...first, paths: [...new Set(same.flatMap(({ paths }) => paths))] }];
  });
}

function ofFolder({ path }: GivenPath, sources: readonly PackSource[]): ArchivePart[] {
  const root = path.replace(/\/+$/, '');
  const placed = (file: string, escape: (text: string) => string): string[] => [
    `${escape(root)}${file}`,
    ...(file.startsWith(`${logFolder}/`) ? [`${escape(root)}${file.slice(logFolder.length)}`] : []),
  ];
  return sources.flatMap(({ name, kind, files }): ArchivePart[] => {
    switch (kind) {
      case 'api':
        return [];
      case 'journal': {
        const folders = foldersOf(files).flatMap((folder) => placed(folder, (text) => text));
        return [{ source: name, form: 'journal', paths: [...folders, root] }];
      }
      case 'kmsg': {
        const dmesg = `${logFolder}/dmesg*`;
        return [{ source: name, form: 'text', paths: placed(dmesg, escaped) }];
      }
      case 'messages':
      case 'cloud-init':
      case 'container':
        return [
          { source: name, form: 'text', paths: files.flatMap((file) => placed(file, escaped)) },
        ];
    }
  });
}

function ofFile({ path, begin }: GivenPath, sources: readonly PackSource[]): ArchivePart[] {
  const of = (kind: PackSource['kind']): string | undefined =>
    sources.find((source) => source.kind === kind)?.name;
  const part = (source: string | undefined, form: ArchivePart['form']): ArchivePart[] =>
    source === undefined ? [] : [{ source, form, paths: [form === 'text' ? escaped(path) : path] }];
  const start = begin.toString('latin1', 0, 32);
  if (start.startsWith('LPKSHHRH')) return part(of('journal'), 'journal');
  if (/^(__CURSOR|__REALTIME_TIMESTAMP)=/.test(start)) return part(of('journal'), 'export');
  const container = sources.find(({ name, kind }) => kind === 'container' && path.includes(name));
  if (container !== undefined) return part(container.name, 'text');
  const name = basename(path);
  const named = sources.find(
    ({ kind, files }) =>
      kind !== 'container' && files.some((file) => matchesGlob(name, basename(file))),
  );
  if (named !== undefined) return part(named.name, 'text');
  if (/^cloud-init.*\.log/.test(name)) return part(of('cloud-init'), 'text');
  const isKernels = /^(dmesg|kmsg)/.test(name) || /^(\[ *\d+\.\d+\]|\d+,\d+,\d+,)/.test(start);
  return part(isKernels ? of('kmsg') : of('messages'), 'text');
}

/** A path as the glob of itself. */
function escaped(path: string): string {
  return path.replaceAll(/[*?[\]{}()!+@\\]/g, String.raw`\$&`);
}
