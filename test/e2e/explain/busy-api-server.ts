import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { parse } from 'yaml';
import { cluster, kubectl } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { slowWebhook } from './slow-webhook.ts';
import { create } from './watched-pods.ts';

const name = 'explain-e2e';
const held = { 'explain-e2e': 'held' };

export interface BusyApiServer {
  /** When the last of the requests that hold the seats will be over, in seconds since the epoch, at the earliest. */
  readonly untilSeconds: number;
  /** Waits for their end and takes away what limits the prober. */
  readonly remove: () => Promise<void>;
}

/**
 * Gives the prober's creations of pods the smallest priority level that there is, and keeps it busy with requests that
 * take `seconds` each, `rounds` of them for every seat.
 */
export async function busyApiServer({
  seconds,
  rounds,
}: {
  readonly seconds: number;
  readonly rounds: number;
}): Promise<BusyApiServer> {
  const webhook = await slowWebhook('explain-e2e-held', { label: held, seconds });
  await removeLevel();
  await create(priorityLevel);
  await create(flowSchema);
  const seats = await eventually(seatsOfLevel);
  const untilSeconds = Date.now() / 1000 + seconds * rounds;
  const send = await podCreation();
  const holding = Array.from({ length: seats * rounds }, send);
  const remove = async (): Promise<void> => {
    await Promise.allSettled(holding);
    await removeLevel();
    await webhook.remove();
  };
  try {
    await eventually(async () => assert.equal(await waiting(), seats * (rounds - 1)), {
      withinMs: 2000,
      everyMs: 50,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { untilSeconds, remove };
}

/** How many requests the API server lets through at once; fails while it does not know the level. */
async function seatsOfLevel(): Promise<number> {
  const metrics = await kubectl(['get', '--raw', '/metrics']);
  const line = new RegExp(
    `^apiserver_flowcontrol_nominal_limit_seats\\{priority_level="${name}"\\} (\\d+)`,
    'm',
  );
  const seats = line.exec(metrics)?.[1];
  assert.ok(seats !== undefined, `no seats of priority level ${name}`);
  return Number(seats);
}

async function waiting(): Promise<number> {
  const dump = await kubectl([
    'get',
    '--raw',
    '/debug/api_priority_and_fairness/dump_priority_levels',
  ]);
  const row = dump.split('\n').find((line) => line.startsWith(`${name},`));
  return Number(row?.split(',')[4] ?? 0);
}

/** Sends a creation of a pod that the webhook holds up and nobody keeps, as the prober. */
async function podCreation(): Promise<() => Promise<void>> {
  const { proberKubeconfig, proberNamespace, server } = await cluster();
  const { clusters, users } = parse(await readFile(proberKubeconfig, 'utf8')) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const pem = (base64: string | undefined): Buffer => Buffer.from(base64 ?? '', 'base64');
  const credentials = {
    ca: pem(clusters[0].cluster['certificate-authority-data']),
    cert: pem(users[0].user['client-certificate-data']),
    key: pem(users[0].user['client-key-data']),
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'held-', labels: held },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  };
  const url = new URL(`/api/v1/namespaces/${proberNamespace}/pods?dryRun=All`, server);
  const headers = { 'content-type': 'application/json' };
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers, ...credentials }, (response) => {
        response.resume().once('end', resolve);
      });
      sent.once('error', reject);
      sent.end(JSON.stringify(pod));
    });
}

async function removeLevel(): Promise<void> {
  await kubectl(['delete', 'flowschema', name, '--ignore-not-found']);
  await kubectl(['delete', 'prioritylevelconfiguration', name, '--ignore-not-found']);
}

const group = 'flowcontrol.apiserver.k8s.io/v1';

const priorityLevel = {
  apiVersion: group,
  kind: 'PriorityLevelConfiguration',
  metadata: { name },
  spec: {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: 1,
      lendablePercent: 0,
      borrowingLimitPercent: 0,
      limitResponse: {
        type: 'Queue',
        queuing: { queues: 1, handSize: 1, queueLengthLimit: 50 },
      },
    },
  },
};

const flowSchema = {
  apiVersion: group,
  kind: 'FlowSchema',
  metadata: { name },
  spec: {
    priorityLevelConfiguration: { name },
    matchingPrecedence: 10,
    rules: [
      {
        subjects: [{ kind: 'User', user: { name: 'kube-latency-prober' } }],
        resourceRules: [
          { verbs: ['create'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] },
        ],
      },
    ],
  },
};
