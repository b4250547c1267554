import type { LocalContext } from '../local/context.ts';
import { lockCluster } from '../local/host/lock.ts';
import { kindTools } from './cluster.ts';
import { findEngine } from './engine.ts';
import { kindPaths } from './paths.ts';
import { findKind } from './programs.ts';
import { removeKindCluster } from './remove.ts';

/** Removes the kind cluster, whoever made it, and all that `up` wrote. Resolves with whether there was anything. */
export async function down(context: LocalContext): Promise<boolean> {
  const paths = kindPaths(context.env);
  using _lock = await lockCluster(paths.clusterDir);
  const engine = await findEngine(context);
  const kind = await findKind(context);
  context.progress('removing the kind cluster');
  return removeKindCluster(paths, kindTools(kind, engine, context));
}
