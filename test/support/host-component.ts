import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { checkHealth } from '../../local/cluster/health.ts';
import { enterNode, logPath, noteProcess, spawnDetached } from '../../local/cluster/launch.ts';
import {
  latestProcesses,
  openJournal,
  processKey,
  readJournal,
  type ProcessEntry,
} from '../../local/host/journal.ts';
import { argumentsOf, environmentOf, isRunning } from '../../local/host/proc.ts';
import { localPaths } from '../../local/paths.ts';
import { eventually } from './eventually.ts';

const paths = localPaths(process.env);

/** A program of the cluster that runs beside the pods: kube-apiserver, or a kubelet on its node. */
export interface HostComponent {
  readonly component: string;
  readonly node: string | null;
}

/** Ends it at once, leaves it away for a while, starts it again as it was, and resolves when it is healthy. */
export async function restartHostComponent(
  { component, node }: HostComponent,
  awayMs: number,
): Promise<void> {
  const entries = latestProcesses(readJournal(paths.journal));
  const entry = entries.get(processKey(component, node));
  const holder = node === null ? null : (entries.get(processKey('node', node))?.pid ?? null);
  assert.ok(entry?.health, component);
  const [program = '', ...args] = argumentsOf(entry.pid);
  const env = variables(environmentOf(entry.pid));
  process.kill(entry.pid, 'SIGKILL');
  await eventually(() => assert.ok(!isRunning(entry.pid, entry.startTime), 'it still runs'));
  await delay(awayMs);

  const [first = '', ...others] = [...(holder === null ? [] : enterNode(holder)), program, ...args];
  const launch = { component, node, program: first, args: others, env, health: entry.health };
  const child = spawnDetached(launch, logPath(paths, launch), paths.clusterDir);
  await once(child, 'spawn');
  assert.ok(child.pid);
  noteProcess(openJournal(paths.journal), launch, child.pid);
  child.unref();
  await healthy(entry, holder);
}

async function healthy({ health, component }: ProcessEntry, holder: number | null): Promise<void> {
  const credentials = await administrator();
  await eventually(
    async () => {
      assert.ok(health);
      const said = await checkHealth(health, { credentials, nodeProcess: holder });
      assert.equal(said, 'ok', component);
    },
    { withinMs: 60_000 },
  );
}

async function administrator(): Promise<{ ca: string; cert: string; key: string }> {
  const config = parse(await readFile(paths.kubeconfig, 'utf8')) as {
    clusters: { cluster: { 'certificate-authority-data': string } }[];
    users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
  };
  const [user, server] = [config.users[0]?.user, config.clusters[0]?.cluster];
  assert.ok(user && server);
  const pem = (data: string): string => Buffer.from(data, 'base64').toString();
  return {
    ca: pem(server['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  };
}

function variables(environment: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    environment
      .filter((each) => each.includes('='))
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
}
