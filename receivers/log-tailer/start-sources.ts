import type { CurrentBoot } from '../shared/current-boot.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { mergeDefinitions } from './boot/definitions.ts';
import type { EventDefinition } from './core/event.ts';
import type { Source } from './core/source.ts';
import type { SourcesOptions, StartSources } from './core/sources.ts';
import { followNode, type FollowedNode } from './logs/follow-node.ts';
import type { Config } from './schema.ts';
import { cloudInitEvents } from './sources/cloud-init/events.ts';
import { followCloudInit } from './sources/cloud-init/follow.ts';
import { ec2Events } from './sources/ec2/events.ts';
import { followEc2 } from './sources/ec2/follow.ts';
import { imdsEvents } from './sources/imds/events.ts';
import { followImds, type ImdsFollowed } from './sources/imds/follow.ts';
import { kubernetesEvents, kubernetesSource } from './sources/kubernetes/events.ts';
import { followKubernetes } from './sources/kubernetes/follow.ts';
import { later } from './sources/later.ts';
import { telling } from './sources/telling.ts';

export interface SourceParts {
  readonly config: Config;
  /** Undefined: there is no API server to be asked. */
  readonly client: KubeClient | undefined;
  readonly clock: WallClock;
  /** The boot that is measured; undefined: it is not known. */
  readonly boot: CurrentBoot | undefined;
  readonly log: Log;
}

/** All sources that the configuration wants. */
export function startSourcesOf(parts: SourceParts): StartSources {
  return async (options) => {
    const logs = await logsOf(parts, options);
    const imds = imdsOf(parts, options);
    const all = [
      ...(logs === undefined ? [] : [logs]),
      ...kubernetesOf(parts, options, imds),
      ...(imds === undefined ? [] : [imds, ...ec2Of(parts, options, imds)]),
      ...cloudInitOf(parts, options),
    ];
    const definitions = (): readonly EventDefinition[] =>
      mergeDefinitions(
        cloudInitEvents,
        logs?.definitions() ?? [],
        kubernetesEvents,
        imdsEvents,
        ec2Events,
      );
    return {
      all,
      definitions,
      families: () => logs?.families() ?? [],
      problem: () => logs?.problem(),
    };
  };
}

async function logsOf(
  { config, boot, log }: SourceParts,
  options: SourcesOptions,
): Promise<FollowedNode | undefined> {
  const { enabled, ...logs } = config.logs;
  if (!enabled) return undefined;
  const { pod, state } = config;
  return followNode({ ...options, ...logs, podNamespace: pod.namespace, boot, state, log });
}

function imdsOf({ config }: SourceParts, options: SourcesOptions): ImdsFollowed | undefined {
  const { enabled, endpoint, timeout: timeoutMs } = config.imds;
  if (!enabled) return undefined;
  let imds: ImdsFollowed | undefined;
  const retryMs = config.retryDelay;
  const source = telling((each) => {
    imds = followImds({ ...each, endpoint: new URL(endpoint), timeoutMs, retryMs });
    return imds;
  }, options);
  return { told: Promise.resolve(undefined), ...imds, ...source };
}

function ec2Of({ config }: SourceParts, options: SourcesOptions, imds: ImdsFollowed): Source[] {
  const { enabled, endpoint } = config.ec2;
  if (!enabled) return [];
  const machine = imds.told.then((told) => {
    const { region, instanceId } = told?.identity.facts ?? {};
    return region === undefined ? undefined : { region, instanceId, nodeName: told?.hostname };
  });
  const start = {
    machine,
    endpoint: endpoint === undefined ? undefined : new URL(endpoint),
    timeoutMs: 10_000,
    retryMs: config.retryDelay,
  };
  return [telling((each) => followEc2({ ...each, ...start }), options)];
}

function cloudInitOf({ config }: SourceParts, options: SourcesOptions): Source[] {
  const { cloudInit, retryDelay: everyMs, logs } = config;
  const paths = cloudInit.map((path) => `${logs.root}${path}`);
  if (paths.length === 0) return [];
  return [telling((each) => followCloudInit({ ...each, paths, everyMs }), options)];
}

/** The node is named by the configuration, else by the metadata service. */
function kubernetesOf(
  { config, client, clock, log }: SourceParts,
  options: SourcesOptions,
  imds: ImdsFollowed | undefined,
): Source[] {
  if (client === undefined) return [];
  const { nodeName, pod } = config;
  const follow = (node: string): Source =>
    telling((each) => followKubernetes({ ...each, node, pod, client, clock, log }), options);
  if (nodeName !== '') return [follow(nodeName)];
  const name = imds?.told.then((told) => told?.hostname) ?? Promise.resolve(undefined);
  return [later(kubernetesSource, name, follow)];
}
