import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi, expectOk, type AskApi } from './cluster/api-client.ts';
import { applyManifests, readManifests, type Manifest } from './cluster/apply-manifests.ts';
import { awaitSpans } from './cluster/await-spans.ts';
import type { ClusterSetup } from './cluster/component.ts';
import { apiServer, controllerManager, etcd, scheduler } from './cluster/control-plane.ts';
import { Fleet } from './cluster/fleet.ts';
import { joinNetwork, makeHostNetwork } from './cluster/host-network.ts';
import { importImages, packImages, packOwnImages, type OwnImages } from './cluster/images.ts';
import { containerd, kubelet, kubeProxy } from './cluster/node-components.ts';
import { makeNode } from './cluster/node.ts';
import { describeNode, nodeReadiness } from './cluster/nodes.ts';
import { apiServerUrl, writePki, writeSecret } from './cluster/pki.ts';
import { issueProberKubeconfigs, proberNamespace } from './cluster/prober-identity.ts';
import { chooseSnapshotter } from './cluster/snapshotter.ts';
import { podResolvConf } from './cluster/resolv-conf.ts';
import { pages, viewerUrl } from './cluster/pages.ts';
import { makeGatewayFolder, overlays, renderPipeline, runsMesh } from './cluster/pipeline.ts';
import { allReady } from './cluster/pipeline-pods.ts';
import { proberSecret, readRoad, roadSecrets } from './cluster/road-secrets.ts';
import { createLineReader } from './cluster/line-reader.ts';
import { waitUntil } from './cluster/wait-until.ts';
import { createWarmUpPods, deleteWarmUpPods } from './cluster/warm-up-pods.ts';
import { sandboxImage } from './cluster/image-names.ts';
import type { LocalContext } from './context.ts';
import { makeCgroup } from './host/cgroups.ts';
import { openJournal, type Journal } from './host/journal.ts';
import { localPaths } from './paths.ts';
import { clusterCgroup, clusterName, planNodes, type NodePlan } from './plan.ts';
import type { Programs } from './programs/ensure.ts';
import type { ClusterState } from './state.ts';

interface Making {
  readonly setup: ClusterSetup;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly ask: AskApi;
  readonly progress: (line: string) => void;
}

/**
 * Makes a cluster where nothing of one is left, and resolves when spans of all its components have arrived. When it rejects,
 * what it made is still there: whoever calls it takes that down.
 */
export async function createCluster(
  workers: number,
  programs: Programs,
  context: LocalContext,
): Promise<ClusterState> {
  const paths = localPaths(context.env);
  const nodes = planNodes(workers, paths.clusterDir);
  await mkdir(paths.clusterDir, { recursive: true, mode: 0o700 });
  const journal = openJournal(paths.journal);
  const credentials = await writePki(nodes, paths);
  const fleet = new Fleet({ paths, journal, signal: context.signal, credentials });
  const snapshotter = await chooseSnapshotter(paths.clusterDir, context.signal);
  const setup: ClusterSetup = {
    paths,
    nodes,
    programs,
    snapshotter,
  };
  const ask = createApi(credentials, fleet.signal);
  const making = { setup, fleet, journal, ask, progress: context.progress };
  try {
    await makeHost(making);
    const own = packOwnImages(paths, programs, fleet.signal);
    await fleet.all([own, startControlPlane(making), startRuntimes(making)]);
    await fleet.all([startNodes(making), importOwnImages(making, await own)]);
    const mesh = await startPipeline(making, credentials.ca);
    await useCluster(making, mesh);
    const state = describe(setup, fleet);
    await writeFile(paths.stateFile, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    return state;
  } catch (error) {
    // What else fails once a process has ended, or a task has failed, is only its consequence.
    throw fleet.signal.aborted ? fleet.signal.reason : error;
  } finally {
    fleet.release();
  }
}

/** What the kernel has to have before any process starts. */
async function makeHost({ setup, fleet, journal, progress }: Making): Promise<void> {
  const { nodes, paths, programs } = setup;
  progress(`making the network and ${nodes.length} nodes`);
  await makeHostNetwork(journal, fleet.signal);
  journal.note({ kind: 'cgroup', path: clusterCgroup(paths.clusterDir) });
  await writeSecret(
    join(paths.config, 'resolv.conf'),
    podResolvConf(await readFile('/etc/resolv.conf', 'utf8')),
  );
  for (const node of nodes) {
    makeCgroup(node.cgroup);
    await makeNode(node, programs.pause, fleet);
    const holder = fleet.holderOf(node);
    await joinNetwork(node, nodes, { journal, holder, signal: fleet.signal });
  }
}

async function startControlPlane({ setup, fleet, progress }: Making): Promise<void> {
  progress('starting etcd and the API server');
  await fleet.start(etcd(setup));
  await fleet.start(apiServer(setup));
}

async function startRuntimes({ setup, fleet }: Making): Promise<void> {
  const { paths, programs, nodes } = setup;
  const { signal } = fleet;
  const archives = packImages(paths, programs, signal);
  await fleet.all([
    archives,
    ...nodes.map(async (node) => {
      await fleet.start(containerd(node, setup));
      await importImages(await archives, setup, { holder: fleet.holderOf(node), signal });
    }),
  ]);
}

async function importOwnImages({ setup, fleet }: Making, images: OwnImages): Promise<void> {
  const { everywhere, controlPlane } = images;
  await fleet.all(
    setup.nodes.map((node) =>
      importImages(
        node.role === 'control-plane' ? [...everywhere, ...controlPlane] : everywhere,
        setup,
        { holder: fleet.holderOf(node), signal: fleet.signal },
      ),
    ),
  );
}

async function startNodes({ setup, fleet, ask, progress }: Making): Promise<void> {
  progress('starting the controllers, the scheduler and the nodes');
  const registered = async (): Promise<boolean> =>
    (await nodeReadiness(ask)).size === setup.nodes.length;
  await fleet.all([
    readManifests().then((manifests) => applyManifests(ask, manifests)),
    fleet.start(controllerManager(setup)),
    fleet.start(scheduler(setup)),
    ...setup.nodes.flatMap((node) => [
      fleet.start(kubelet(node, setup)),
      fleet.start(kubeProxy(node, setup)),
    ]),
  ]);
  await waitUntil('all nodes registered', registered, fleet.signal);
  await fleet.all(setup.nodes.map((node) => describeNode(node, ask)));
}

/**
 * The collectors and what they need, as pods. Resolves with what runs the mesh, which is not applied yet: on a small machine
 * its pods would only delay those that everybody waits for.
 */
async function startPipeline(
  { setup, fleet, ask, progress }: Making,
  ca: string,
): Promise<readonly Manifest[]> {
  const { nodes, paths, programs } = setup;
  const { signal } = fleet;
  progress('starting the collectors, the correlators and the viewer');
  await makeGatewayFolder(paths);
  const pipeline = renderPipeline(programs.kubectl, overlays.local, signal);
  const road = readRoad(paths);
  const kubeconfigs = issueProberKubeconfigs(ask, { ca, server: apiServerUrl }, signal);
  await fleet.all([pipeline, road, kubeconfigs]);
  const { here, inCluster } = await kubeconfigs;
  await writeSecret(paths.proberKubeconfig, here);
  const secrets = [...roadSecrets(await road), proberSecret(inCluster)];
  const rendered = await pipeline;
  await applyManifests(ask, [...rendered.filter((each) => !runsMesh(each)), ...secrets]);
  const parts = { everywhere: 'agent', once: 'gateway' } as const;
  await waitUntil('agents and gateway ready', () => allReady(ask, parts, nodes.length), signal);
  await fleet.start(pages(setup));
  return rendered.filter(runsMesh);
}

async function startMesh({ setup, fleet, ask }: Making, mesh: readonly Manifest[]): Promise<void> {
  await applyManifests(ask, mesh);
  const parts = { everywhere: 'rtt-pinger', once: 'rtt-aggregator' } as const;
  const ready = (): Promise<boolean> => allReady(ask, parts, setup.nodes.length);
  await waitUntil('pingers and aggregator ready', ready, fleet.signal);
}

/** Brings the cluster to where a probe can run, and has every component trace something, while the mesh starts. */
async function useCluster(making: Making, mesh: readonly Manifest[]): Promise<void> {
  const { setup, fleet, ask, progress } = making;
  const { nodes, paths } = setup;
  const { signal } = fleet;
  const ready = async (): Promise<boolean> =>
    [...(await nodeReadiness(ask)).values()].every(Boolean);
  progress('waiting for spans of every component of every node');
  await fleet.all([
    createWarmUpPods(nodes, ask, signal),
    startMesh(making, mesh),
    awaitSpans({
      nodes,
      spans: createLineReader(paths.spansFile),
      progress,
      signal,
      restartContainerd: (node: NodePlan) => fleet.restart(containerd(node, setup)),
    }),
    waitUntil('all nodes ready', ready, signal),
    waitUntil('CoreDNS available', () => dnsAnswers(ask), signal),
  ]);
  await deleteWarmUpPods(nodes, ask, signal);
}

async function dnsAnswers(ask: AskApi): Promise<boolean> {
  const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
  const deployment = (await expectOk(ask, { method: 'GET', path })) as {
    status?: { availableReplicas?: number };
  };
  return (deployment.status?.availableReplicas ?? 0) > 0;
}

function describe({ paths, nodes }: ClusterSetup, fleet: Fleet): ClusterState {
  return {
    on: 'local',
    name: clusterName,
    server: apiServerUrl,
    kubeconfig: paths.kubeconfig,
    proberKubeconfig: paths.proberKubeconfig,
    proberNamespace,
    probeImage: sandboxImage,
    collectorEndpoint: 'http://127.0.0.1:4317',
    viewerUrl,
    pages: [{ name: 'viewer', url: viewerUrl }],
    spansFile: paths.spansFile,
    nodes: nodes.map((node) => ({
      name: node.name,
      role: node.role,
      address: node.address,
      netns: node.role === 'worker' ? `/proc/${fleet.holderOf(node)}/ns/net` : null,
    })),
  };
}
