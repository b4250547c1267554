import { readFile } from 'node:fs/promises';
import { clusterStateSchema, type ClusterState } from '../local/state.ts';
import type { KindPaths } from './paths.ts';

/** What `up --on kind` made; undefined when there is none. Rejects when the file holds something else. */
export async function readKindState({ stateFile }: KindPaths): Promise<ClusterState | undefined> {
  const text = await readFile(stateFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : clusterStateSchema.parse(JSON.parse(text));
}
