import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { awaitSpans } from '../local/cluster/await-spans.ts';
import { overlays } from '../local/cluster/pipeline.ts';
import { nodeReadiness } from '../local/cluster/nodes.ts';
import { writeSecret } from '../local/cluster/pki.ts';
import { proberNamespace } from '../local/cluster/prober-identity.ts';
import { waitUntil } from '../local/cluster/wait-until.ts';
import { createWarmUpPods, deleteWarmUpPods } from '../local/cluster/warm-up-pods.ts';
import { sandboxImage } from '../local/cluster/image-names.ts';
import type { LocalContext } from '../local/context.ts';
import { cannotRunHere, clusterFailed, LocalClusterError } from '../local/errors.ts';
import { lockCluster } from '../local/host/lock.ts';
import { runOk } from '../local/host/run.ts';
import { clusterName } from '../local/plan.ts';
import type { ClusterState } from '../local/state.ts';
import { accessBy, type Access } from './access.ts';
import { createKindCluster, findNodes, kindTools, type KindTools } from './cluster.ts';
import { deploy } from './deploy.ts';
import { findEngine } from './engine.ts';
import { loadImages, packImages } from './images.ts';
import { nodeLineReader, restartContainerd, type KindNode } from './nodes.ts';
import { findPages, type Page } from './pages.ts';
import { kindPaths, type KindPaths } from './paths.ts';
import { findPrograms } from './programs.ts';
import { removeHalfMade } from './remove.ts';

export interface KindUpOptions {
  /** Workers beside the control plane; undefined: two, or those that a cluster has which runs already. */
  readonly workers: number | undefined;
  /** Folder of the kustomization that is applied; undefined: manifests/overlays/kind. */
  readonly overlay: string | undefined;
}

/** The gateway's file, in the node of the control plane (manifests/components/control-plane-volume). */
const spansFile = '/var/lib/kube-latency/gateway/spans.jsonl';

/**
 * Brings a kind cluster up with the pipeline in it, and resolves when spans of all its components arrive. One of the same name
 * that runs already gets the pipeline as it is now. When it rejects, a cluster that it made is removed again.
 */
export async function up(options: KindUpOptions, context: LocalContext): Promise<ClusterState> {
  const engine = await findEngine(context);
  const paths = kindPaths(context.env);
  using _lock = await lockCluster(paths.clusterDir);
  const programs = await findPrograms(context);
  const tools = kindTools(programs.kind, engine, context);
  const packing = packImages(programs, context);
  // Waited for below; a failure before that is told first.
  packing.catch(() => undefined);
  const before = await findNodes(tools);
  if (before.length > 0) checkSize(before, options.workers);
  await mkdir(paths.clusterDir, { recursive: true, mode: 0o700 });
  try {
    if (before.length === 0) await createKindCluster(options.workers ?? 2, paths, tools);
    await packing;
    const flags = ['get', 'kubeconfig', '--name', clusterName];
    const kubeconfig = await runOk(programs.kind, flags, tools.context);
    await writeSecret(paths.kubeconfig, kubeconfig);
    const access = accessBy(kubeconfig, context.signal);
    const names = before.length > 0 ? before : await findNodes(tools);
    await loadImages(await packing, names, tools);
    const overlay = resolve(options.overlay ?? overlays.kind);
    return await bringIn({ access, paths, tools, kubectl: programs.kubectl }, overlay);
  } catch (error) {
    if (before.length === 0) await removeHalfMade(paths, tools);
    throw explain(error, context.signal, before.length === 0);
  }
}

interface Bringing {
  readonly access: Access;
  readonly paths: KindPaths;
  readonly tools: KindTools;
  readonly kubectl: string;
}

/** Deploys the pipeline into the cluster that runs, uses it, and describes it. */
async function bringIn(bringing: Bringing, overlay: string): Promise<ClusterState> {
  const { access, paths, tools, kubectl } = bringing;
  const { engine, context } = tools;
  const { signal, progress } = context;
  const nodes = await describeNodes(access, signal);
  const controlPlane = nodes.find(({ role }) => role === 'control-plane');
  if (controlPlane === undefined)
    throw clusterFailed('the cluster has no control plane; remove it with `kube-latency down`');
  const deployed = await deploy({ access, overlay, kubectl, context });
  await writeSecret(paths.proberKubeconfig, deployed.proberKubeconfig);
  const pages = await findPages(engine, controlPlane.name, deployed.names);
  const known = await readFile(paths.stateFile, 'utf8').catch(() => '');
  const state = describe(bringing, nodes, pages);
  // Spans of every component were seen when this was written, and whoever changes nothing need not see them again.
  if (known !== state.text) {
    progress('waiting for spans of every component of every node');
    await createWarmUpPods(nodes, access.ask, signal);
    await awaitSpans({
      nodes,
      spans: nodeLineReader(engine, controlPlane.name, spansFile),
      lookEveryMs: 1000,
      progress,
      signal,
      restartContainerd: (node) => restartContainerd(engine, node),
    });
    await deleteWarmUpPods(nodes, access.ask, signal);
  }
  await writeFile(paths.stateFile, state.text, { mode: 0o600 });
  return state.state;
}

function checkSize(nodes: readonly string[], workers: number | undefined): void {
  const found = nodes.filter((name) => !/-control-plane\d*$/.test(name)).length;
  if (workers !== undefined && workers !== found)
    throw cannotRunHere(
      `a kind cluster '${clusterName}' with ${found} workers runs, ${workers} were asked for; remove it with \`kube-latency down\``,
    );
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    readonly status: { readonly addresses: readonly { type: string; address: string }[] };
  }[];
}

/** The nodes, once all of them are ready. */
async function describeNodes({ ask }: Access, signal: AbortSignal): Promise<KindNode[]> {
  const ready = async (): Promise<boolean> => {
    const readiness = [...(await nodeReadiness(ask)).values()];
    return readiness.length > 0 && readiness.every(Boolean);
  };
  await waitUntil('all nodes ready', ready, signal);
  const { body } = await ask({ method: 'GET', path: '/api/v1/nodes' });
  return (body as NodeList).items.map(({ metadata, status }) => ({
    name: metadata.name,
    role:
      'node-role.kubernetes.io/control-plane' in metadata.labels
        ? ('control-plane' as const)
        : ('worker' as const),
    address: status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '',
  }));
}

function describe(
  { access, paths }: Bringing,
  nodes: readonly KindNode[],
  pages: readonly Page[],
): { readonly state: ClusterState; readonly text: string } {
  const state: ClusterState = {
    on: 'kind',
    name: clusterName,
    server: access.server,
    kubeconfig: paths.kubeconfig,
    proberKubeconfig: paths.proberKubeconfig,
    proberNamespace,
    probeImage: sandboxImage,
    viewerUrl: pages.find(({ name }) => name === 'jaeger')?.url ?? pages[0]?.url ?? access.server,
    pages: [...pages],
    spansFile,
    nodes: nodes.map((node) => ({ ...node, netns: null })),
  };
  return { state, text: `${JSON.stringify(state, null, 2)}\n` };
}

function explain(error: unknown, signal: AbortSignal, removed: boolean): LocalClusterError {
  const left = removed ? 'the cluster is removed again' : 'the cluster stays as it is';
  if (signal.aborted) return clusterFailed(`interrupted; ${left}`, { cause: error });
  if (error instanceof LocalClusterError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return clusterFailed(`bringing up the kind cluster failed: ${cause.message}; ${left}`, { cause });
}
