import { z } from 'zod';
import {
  hidden,
  seen,
  type ApiServerProcess,
  type ControlPlaneProcess,
  type Seen,
} from '../facts.ts';
import { ask, type Asker } from './ask.ts';
import { etcdFlags, parseFlags } from './flags.ts';

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }),
      spec: z.object({
        nodeName: z.string().optional(),
        containers: z.array(
          z.object({
            name: z.string(),
            image: z.string().optional(),
            command: z.array(z.string()).optional(),
            args: z.array(z.string()).optional(),
            env: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
          }),
        ),
      }),
    }),
  ),
});

type Pod = z.infer<typeof podsSchema>['items'][number];
type Container = Pod['spec']['containers'][number];

export interface StaticPods {
  readonly apiServers: Seen<readonly ApiServerProcess[]>;
  readonly etcds: Seen<readonly ControlPlaneProcess[]>;
}

/** The control plane as kubeadm and kind run it: pods of kube-system whose flags can be read. */
export async function readStaticPods(asker: Asker): Promise<StaticPods> {
  const pods = await ask(
    asker,
    {
      verb: 'list',
      path: '/api/v1/namespaces/kube-system/pods',
      query: { labelSelector: 'component in (kube-apiserver, etcd)' },
    },
    podsSchema,
  );
  if (pods.kind === 'hidden') return { apiServers: pods, etcds: pods };
  const apiServers = processesOf(pods.value.items, 'kube-apiserver').map((each) => ({
    ...each,
    tracing: hidden(`its file lies on node ${each.node ?? '?'}`),
  }));
  // Started by a script, for example: then the pod does not tell the flags.
  if (apiServers.some(({ flags }) => !flags.has('etcd-servers'))) {
    return { apiServers: hidden('its pod does not show its flags'), etcds: seen([]) };
  }
  return { apiServers: seen(apiServers), etcds: seen(processesOf(pods.value.items, 'etcd')) };
}

function processesOf(pods: readonly Pod[], component: string): ControlPlaneProcess[] {
  return pods
    .filter(({ metadata }) => metadata.labels?.['component'] === component)
    .flatMap(({ spec }) =>
      spec.containers
        .filter(({ name }) => name === component)
        .map((container) => ({
          node: spec.nodeName ?? null,
          flags: flagsOf(container, component),
          version: tagOf(container.image ?? ''),
        })),
    );
}

function flagsOf(container: Container, component: string): ReadonlyMap<string, string> {
  const args = [...(container.command ?? []), ...(container.args ?? [])];
  if (component !== 'etcd') return parseFlags(args);
  const env = (container.env ?? []).map(({ name, value = '' }) => [name, value] as const);
  return etcdFlags(args, Object.fromEntries(env));
}

/** `3.6.5-0` of `registry.k8s.io/etcd:3.6.5-0@sha256:...`; null where an image has no tag. */
export function tagOf(image: string): string | null {
  return /:([\w][\w.-]*)$/.exec(image.replace(/@.*$/, ''))?.[1] ?? null;
}
