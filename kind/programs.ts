import type { LocalContext } from '../local/context.ts';
import { cannotRunHere } from '../local/errors.ts';
import { findProgram } from '../local/host/install.ts';
import { run, systemPath } from '../local/host/run.ts';
import { ensurePrograms } from '../local/programs/ensure.ts';
import type { ProgramName } from '../local/programs/tools.ts';

/** Older ones do not turn a patch's maps into the lists of kubeadm's v1beta4. */
const oldestKind = '0.32.0';

/** Paths of what `up --on kind` runs and puts into images. */
export interface KindPrograms {
  readonly kind: string;
  readonly kubectl: string;
  readonly collector: string;
  readonly pause: string;
}

/** kind as it is installed here, else built. Rejects for one that is too old. */
export async function findKind(context: LocalContext): Promise<string> {
  const kind = await findProgram('kind', context.env['PATH'] ?? systemPath);
  if (kind === undefined) return (await ensurePrograms(['kind'], true, context)).kind;
  await checkVersion(kind, context);
  return kind;
}

/** kind and kubectl as they are installed here, else built as the rest is. Rejects for a kind that is too old. */
export async function findPrograms(context: LocalContext): Promise<KindPrograms> {
  const installed = (name: string): Promise<string | undefined> =>
    findProgram(name, context.env['PATH'] ?? systemPath);
  const [kind, kubectl] = await Promise.all([installed('kind'), installed('kubectl')]);
  if (kind !== undefined) await checkVersion(kind, context);
  const wanted: ProgramName[] = ['otelcol-kube-latency', 'pause'];
  if (kind === undefined) wanted.push('kind');
  if (kubectl === undefined) wanted.push('kubectl');
  const built = await ensurePrograms(wanted, true, context);
  return {
    kind: kind ?? built.kind,
    kubectl: kubectl ?? built.kubectl,
    collector: built['otelcol-kube-latency'],
    pause: built.pause,
  };
}

async function checkVersion(kind: string, { env, signal }: LocalContext): Promise<void> {
  const { stdout } = await run(kind, ['version', '--quiet'], { env, signal });
  if (!isRecent(stdout.trim()))
    throw cannotRunHere(
      `${kind}: expected version ${oldestKind} or later, got '${stdout.trim()}'; without it in PATH, the pinned one is built`,
    );
}

/** Whether `0.33.0`, or what follows it in a version of one's own, is recent enough. */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [, leastMinor = 0] = oldestKind.split('.').map(Number);
  return major > 0 || minor >= leastMinor;
}
