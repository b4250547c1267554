import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { clusterNow, kubectl, kubectlApply } from '../../support/cluster.ts';

/** Namespaces in which the same names live and die over and over. */
export const churnNamespaces = ['churn-a', 'churn-b'] as const;

/** A pod of kind costs some times the CPU of one in the cluster without an engine. */
const everyMs = clusterNow().on === 'kind' ? 6000 : 1500;

const labels = (app: string): Record<string, string> => ({ app, 'kube-latency/observe': 'true' });
const image = 'localhost/kube-latency/busybox:1';
const pause = { name: 'main', image: 'localhost/kube-latency/pause:1' };
const shell = (name: string, script: string): object => ({
  name,
  image,
  command: ['sh', '-c', script],
});

function template(app: string, spec: object): object {
  return {
    metadata: { labels: labels(app) },
    spec: { terminationGracePeriodSeconds: 0, ...spec },
  };
}

function objectsOf(namespace: string): object[] {
  const metadata = (name: string): object => ({ name, namespace });
  const selector = (app: string): object => ({ matchLabels: { app } });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata('web'),
      spec: {
        replicas: 1,
        serviceName: 'web',
        selector: selector('web'),
        template: template('web', { containers: [pause] }),
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('mixed'),
      spec: {
        replicas: 2,
        selector: selector('mixed'),
        template: template('mixed', {
          initContainers: [
            shell('prepare', 'sleep 0.2'),
            { ...shell('sidecar', 'sleep 3600'), restartPolicy: 'Always' },
          ],
          containers: [pause, shell('restarting', 'sleep 1')],
        }),
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata('task'),
      spec: {
        completions: 4,
        parallelism: 2,
        template: template('task', {
          restartPolicy: 'Never',
          containers: [shell('main', 'sleep 0.3')],
        }),
      },
    },
  ];
}

/** A pod that fits no node. */
function nowhere(namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'nowhere', namespace, labels: labels('nowhere') },
    spec: { nodeSelector: { nowhere: 'true' }, containers: [pause] },
  };
}

/** Starts the workloads of both namespaces. */
export async function startChurn(): Promise<void> {
  await kubectlApply(
    churnNamespaces
      .flatMap((namespace) => [...objectsOf(namespace), nowhere(namespace)])
      .map((object) => stringify(object))
      .join('---\n'),
  );
}

/**
 * Until the signal ends: deletes pods that come again under the same name, in both namespaces at once, and, with one request,
 * all pods of a Deployment.
 */
export async function churn(signal: AbortSignal): Promise<void> {
  const collection = (namespace: string): string =>
    `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dmixed`;
  for (let round = 0; !signal.aborted; round++) {
    await Promise.all(
      churnNamespaces.map((namespace) =>
        round % 4 === 3
          ? kubectl(['delete', '--raw', collection(namespace)])
          : kubectl([
              '-n',
              namespace,
              'delete',
              'pod',
              'web-0',
              '--wait=false',
              '--ignore-not-found',
            ]),
      ),
    );
    await delay(everyMs);
  }
}

/** Deletes both namespaces with all that is in them, and resolves when they are gone. */
export async function endChurn(): Promise<void> {
  // With one request, a namespace deletes all of its pods: that is about none of them alone.
  for (const namespace of churnNamespaces)
    await kubectl(['-n', namespace, 'delete', 'pod', 'nowhere', '--ignore-not-found']);
  await kubectl(['delete', 'namespace', ...churnNamespaces, '--ignore-not-found']);
}
