import { z } from 'zod';
import type { ClusterState } from '../../../local/state.ts';
import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { StartupError } from '../../../receivers/shared/errors.ts';
import { withRemedy } from '../../../receivers/shared/kubernetes/remedy.ts';
import type { CommandContext } from '../../command.ts';
import { correlatorRights } from '../checks/rights.ts';
import {
  hidden,
  seen,
  type Arrivals,
  type CorrelatorFacts,
  type Facts,
  type NodeFacts,
  type Seen,
  type Sender,
} from '../facts.ts';
import { installOf } from '../install.ts';
import { readFlagz } from './api-server.ts';
import { readArrivals } from './arrivals.ts';
import { askRaw, understand, type Asker } from './ask.ts';
import { readClocks } from './clocks.ts';
import { readDeployed, type Deployed } from './deployed.ts';
import { readImages } from './images.ts';
import { mayUser, readProber } from './identity.ts';
import { readLocal, type LocalFacts } from './local.ts';
import { describeNode, isReady, listNodes, type ListedNode } from './nodes.ts';
import { partsOf } from './parts.ts';
import { readStaticPods, type StaticPods } from './static-pods.ts';

/** What is left after this is not seen: a cluster of a thousand nodes, half of them away. */
const gatherMs = 90_000;
/** Where facts come from. */
export interface Sources {
  /** Looks at the cluster. */
  readonly viewer: Asker['client'];
  /** Runs probes; may be the same. */
  readonly prober: Asker['client'];
  readonly proberOrigin: string;
  readonly namespace: string;
  /** The cluster that `up` made, where it is the one that is looked at. */
  readonly own: ClusterState | undefined;
  /** Null: there is none to ask. */
  readonly backend: URL | null;
}

/**
 * Gathers what can be seen of a cluster. Rejects with a StartupError of one line where its API server does not answer or
 * lets nobody in, and with the signal's reason.
 */
export async function gather(sources: Sources, context: CommandContext): Promise<Facts> {
  const deadline = startDeadline(gatherMs, context.signal);
  try {
    const asker = { client: sources.viewer, signal: deadline.signal };
    const version = await readVersion(asker, context.signal);
    const facts = await gatherFrom({ sources, asker, version, env: context.env });
    context.signal.throwIfAborted();
    return facts;
  } catch (error) {
    context.signal.throwIfAborted();
    throw error;
  } finally {
    deadline.clear();
  }
}

const versionSchema = z.object({ gitVersion: z.string() });

async function readVersion(asker: Asker, signal: AbortSignal): Promise<Seen<string>> {
  const answer = await askRaw(asker, { verb: 'get', path: '/version' });
  signal.throwIfAborted();
  const version = understand(answer, versionSchema);
  const whom = `asking the API server ${asker.client.server.href} for its version`;
  if (answer.kind === 'failed') {
    const said = version.kind === 'hidden' ? version.why : answer.message;
    throw new StartupError(`${whom}: ${withRemedy(said, answer)}`);
  }
  if (answer.status === 401) {
    throw new StartupError(
      `${whom}: ${withRemedy('expected accepted credentials, got status 401', answer)}`,
    );
  }
  return version.kind === 'seen' ? seen(version.value.gitVersion) : version;
}

interface Gathering {
  readonly sources: Sources;
  readonly asker: Asker;
  readonly version: Seen<string>;
  readonly env: CommandContext['env'];
}

async function gatherFrom({ sources, asker, version, env }: Gathering): Promise<Facts> {
  const { own, namespace } = sources;
  const { signal } = asker;
  const versionText = version.kind === 'seen' ? version.value : null;
  const prober = { client: sources.prober, signal };
  const [listed, pods, flagz, deployed, images, proberFacts, local] = await Promise.all([
    listNodes(asker),
    readStaticPods(asker),
    readFlagz(asker),
    readDeployed(asker),
    readImages(asker),
    readProber(prober, { origin: sources.proberOrigin, namespace }),
    own === undefined ? undefined : readLocal(own, { env, signal }, versionText),
  ]);
  const controlPlane = local ?? pods;
  const [nodes, clocks, correlator, arrivals] = await Promise.all([
    describeNodes(listed, asker, local),
    readClocks(asker, clockTargets(listed)),
    readCorrelator(asker, deployed),
    arrivalsAt(sources.backend, sendersOf(controlPlane, listed), signal),
  ]);
  return {
    server: asker.client.server.href.replace(/\/$/, ''),
    nowMs: Date.now(),
    install: installOf({ own: own !== undefined, version: versionText, ...signsOf(listed, pods) }),
    version,
    apiServers: controlPlane.apiServers,
    flagz,
    etcds: controlPlane.etcds,
    nodes,
    arrivals,
    prober: proberFacts,
    correlator,
    clocks,
    collectors: partsOf(deployed, local?.collectors ?? []),
    images,
  };
}

async function describeNodes(
  listed: Seen<readonly ListedNode[]>,
  asker: Asker,
  local: LocalFacts | undefined,
): Promise<Seen<readonly NodeFacts[]>> {
  if (listed.kind === 'hidden') return listed;
  return seen(
    await Promise.all(
      listed.value.map((node) => {
        const environment = local?.runtimes.get(node.metadata.name);
        return describeNode(
          node,
          asker,
          environment === undefined
            ? hidden(`its settings are on node ${node.metadata.name}`)
            : seen(environment),
        );
      }),
    ),
  );
}

function clockTargets(listed: Seen<readonly ListedNode[]>): { name: string; ready: boolean }[] {
  if (listed.kind === 'hidden') return [];
  return listed.value.map((node) => ({ name: node.metadata.name, ready: isReady(node) }));
}

function signsOf(
  listed: Seen<readonly ListedNode[]>,
  { apiServers }: StaticPods,
): { providerIds: string[]; labels: string[]; apiServerPods: number | null } {
  const nodes = listed.kind === 'seen' ? listed.value : [];
  return {
    providerIds: nodes.flatMap(({ spec }) => spec?.providerID ?? []),
    labels: [...new Set(nodes.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})))],
    apiServerPods: apiServers.kind === 'seen' ? apiServers.value.length : null,
  };
}

/** Everyone whose spans are to be looked for; on any node where it is not seen on which they run. */
function sendersOf(
  { apiServers, etcds }: StaticPods,
  listed: Seen<readonly ListedNode[]>,
): Sender[] {
  const of = (service: string, processes: StaticPods['etcds']): Sender[] =>
    processes.kind === 'seen' && processes.value.length > 0
      ? processes.value.map(({ node }) => ({ service, node }))
      : [{ service, node: null }];
  const ofNodes =
    listed.kind === 'hidden'
      ? ['kubelet', 'containerd', 'crio'].map((service) => ({ service, node: null }))
      : listed.value.flatMap(({ metadata: { name: node }, status }) => {
          const crio = status.nodeInfo.containerRuntimeVersion.startsWith('cri-o');
          return ['kubelet', crio ? 'crio' : 'containerd'].map((service) => ({ service, node }));
        });
  return [...of('apiserver', apiServers), ...of('etcd', etcds), ...ofNodes];
}

async function arrivalsAt(
  backend: URL | null,
  senders: readonly Sender[],
  signal: AbortSignal,
): Promise<Seen<Arrivals>> {
  return backend === null
    ? hidden('no backend is known: --backend names one')
    : readArrivals(backend, senders, signal);
}

async function readCorrelator(
  asker: Asker,
  deployed: Seen<Deployed>,
): Promise<Seen<CorrelatorFacts>> {
  const account = deployed.kind === 'seen' ? deployed.value.correlator : null;
  if (account === null) {
    return hidden(deployed.kind === 'hidden' ? deployed.why : 'no correlator is deployed here');
  }
  const [, , namespace] = account.split(':');
  const groups = [
    'system:authenticated',
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
  ];
  const rights = correlatorRights.map((right) => mayUser(asker, right, { user: account, groups }));
  return seen({ user: account, rights: await Promise.all(rights) });
}
