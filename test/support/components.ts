import assert from 'node:assert/strict';
import { latestProcesses, readJournal } from '../../local/host/journal.ts';
import { allProcesses, cgroupsOf } from '../../local/host/proc.ts';
import { localPaths } from '../../local/paths.ts';
import { clusterNow, kindNodePid, kubectl } from './cluster.ts';
import { start } from './command.ts';
import { eventually } from './eventually.ts';

const paths = localPaths(process.env);

/** A container of the pipeline. */
export interface PipelineContainer {
  readonly name: 'collector' | 'correlator' | 'log-tailer' | 'viewer' | 'pod-prober';
  readonly pod: string;
  readonly node: string;
  /** The runtime's id; empty while it does not run. */
  readonly id: string;
  readonly ready: boolean;
  readonly restarts: number;
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly spec: { readonly nodeName?: string };
    readonly status: {
      readonly containerStatuses?: readonly {
        readonly name: string;
        readonly containerID?: string;
        readonly ready: boolean;
        readonly restartCount: number;
      }[];
    };
  }[];
}

const namespaces = {
  agent: 'kube-latency-node',
  gateway: 'kube-latency',
  'pod-prober': 'kube-latency',
} as const;

const selectors = {
  agent: 'app.kubernetes.io/name=agent',
  gateway: 'app.kubernetes.io/name=gateway',
  // Not the pods of its Jobs.
  'pod-prober': 'app.kubernetes.io/name=pod-prober,kube-latency/runs=continuously',
} as const;

/** The containers of the agents, of the gateway or of the long-running prober, that are there now. */
export async function containersOf(name: keyof typeof namespaces): Promise<PipelineContainer[]> {
  const where = ['--namespace', namespaces[name], '--selector', selectors[name]];
  const { items } = JSON.parse(
    await kubectl(['get', 'pods', ...where, '--output=json']),
  ) as PodList;
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap(({ metadata, spec, status }) =>
      (status.containerStatuses ?? []).map((each) => ({
        name: each.name as PipelineContainer['name'],
        pod: metadata.name,
        node: spec.nodeName ?? '',
        id: each.containerID?.split('://')[1] ?? '',
        ready: each.ready,
        restarts: each.restartCount,
      })),
    );
}

export async function correlators(): Promise<PipelineContainer[]> {
  return (await containersOf('agent')).filter(({ name }) => name === 'correlator');
}

/** Sends a signal to the process of a container, from outside: one that has no handler for it ends all the same. */
export function signalContainer(
  { id, pod, name }: PipelineContainer,
  signal: NodeJS.Signals,
): void {
  const pids = processesOf(id);
  assert.ok(pids.length > 0, `${name} of ${pod} does not run`);
  for (const pid of pids) process.kill(pid, signal);
}

/** Ids of the processes of the container with this id of the runtime. */
export function processesOf(id: string): number[] {
  if (id === '') return [];
  const ours = allProcesses().filter(({ pid, state }) => {
    return state !== 'Z' && cgroupsOf(pid).some((path) => path.includes(id));
  });
  return ours.map(({ pid }) => pid);
}

/** Resolves when every correlator runs and has its pods listed. */
export async function correlatorsReady(): Promise<void> {
  const { length } = nodeNames();
  await eventually(
    async () => {
      const found = await correlators();
      assert.ok(found.length === length && found.every(({ ready }) => ready), 'not all ready');
    },
    { withinMs: 60_000 },
  );
}

/** Ends every correlator as a rolling update would, and resolves when the next ones are ready. */
export async function restartCorrelators(): Promise<void> {
  const before = await correlators();
  for (const each of before) signalContainer(each, 'SIGTERM');
  const ids = new Set(before.map(({ id }) => id));
  await eventually(
    async () => {
      const now = await correlators();
      assert.ok(
        now.every(({ id, ready }) => ready && !ids.has(id)),
        'not started again',
      );
    },
    { withinMs: 60_000 },
  );
}

const agentSets = ['daemonset/agent', 'daemonset/agent-control-plane'];

/** Adds an argument to the collector of every agent, or takes the last one away, and resolves when all run so. */
export async function changeAgentArgs(
  change: { readonly add: string } | 'remove last',
): Promise<void> {
  const inNamespace = ['--namespace', namespaces.agent];
  for (const set of agentSets) {
    const args = JSON.parse(
      await kubectl([
        'get',
        set,
        ...inNamespace,
        '--output=jsonpath={.spec.template.spec.containers[0].args}',
      ]),
    ) as string[];
    const value = change === 'remove last' ? args.slice(0, -1) : [...args, change.add];
    const path = '/spec/template/spec/containers/0/args';
    const patch = JSON.stringify([{ op: 'replace', path, value }]);
    await kubectl(['patch', set, ...inNamespace, '--type=json', `--patch=${patch}`]);
  }
  for (const set of agentSets)
    await kubectl(['rollout', 'status', set, ...inNamespace, '--timeout=120s']);
}

/** Ids of the processes that hold the nodes' namespaces, by node. */
function holders(): Map<string, number> {
  const { on, nodes } = clusterNow();
  if (on === 'kind') return new Map(nodes.map(({ name }) => [name, kindNodePid(name)]));
  const entries = [...latestProcesses(readJournal(paths.journal)).values()];
  return new Map(
    entries.flatMap(({ component, node, pid }) =>
      component === 'node' && node !== null ? [[node, pid] as const] : [],
    ),
  );
}

/** Collector, correlator and log tailer are on every node. */
export const containersOfAgent = 3;

export function nodeNames(): string[] {
  return [...holders().keys()];
}

/** Sum of a counter of a node's agent, over all its labels; 0 where it has not counted yet. */
export async function agentCounter(node: string, name: string): Promise<number> {
  const script =
    "process.stdout.write(await (await fetch('http://127.0.0.1:8888/metrics')).text())";
  return (await startInNode(node, script))
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_total{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What a script prints that runs in a node's network. */
export function startInNode(
  node: string,
  script: string,
  ...args: readonly string[]
): Promise<string> {
  return startInNetworkOf(holders().get(node), script, args);
}

/** What a script prints that runs in the network of the pod of the container with this id. */
export function startInPod(
  containerId: string,
  script: string,
  ...args: readonly string[]
): Promise<string> {
  return startInNetworkOf(processesOf(containerId)[0], script, args);
}

async function startInNetworkOf(
  pid: number | undefined,
  script: string,
  args: readonly string[],
): Promise<string> {
  assert.ok(pid);
  const enter = [`--net=/proc/${pid}/ns/net`, '--'];
  const evaluate = [process.execPath, '--input-type=module', '--eval', script, '--', ...args];
  const { code, stdout, stderr } = await start('nsenter', [...enter, ...evaluate]).finished;
  assert.equal(code, 0, stderr);
  return stdout;
}
