import type { KubeClient } from '../../shared/kubernetes/client.ts';
import { followCollection } from '../../shared/kubernetes/collection.ts';
import type { Log } from '../../shared/log.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import { distinctPingers, slicePingers, type Pinger } from '../core/pingers.ts';

export interface FollowOptions {
  readonly service: { readonly namespace: string; readonly name: string; readonly port: string };
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onPingers: (pingers: readonly Pinger[]) => void;
}

export interface FollowedPingers {
  /** Why the pingers are not known yet; undefined: they are. */
  readonly problem: () => string | undefined;
  readonly ended: Promise<void>;
}

/** Changes that come together are one: a rollout touches every slice. */
const gatherMs = 100;

/** Watches the endpoint slices of a Service, and tells its pingers whenever they change, until the signal ends. */
export function followPingers(options: FollowOptions): FollowedPingers {
  const { service, client, clock, log, signal, onPingers } = options;
  let timer: NodeJS.Timeout | undefined;
  const slices = followCollection<Pinger>({
    path: `/apis/discovery.k8s.io/v1/namespaces/${service.namespace}/endpointslices`,
    query: { labelSelector: `kubernetes.io/service-name=${service.name}` },
    client,
    clock,
    log,
    signal,
    read: (slice) => slicePingers(slice, service.port),
    onChange: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (!signal.aborted) onPingers(distinctPingers(slices.places()));
      }, gatherMs);
    },
  });
  return {
    problem: () => (slices.listed() ? undefined : 'the pingers are not listed yet'),
    ended: slices.ended.then(() => clearTimeout(timer)),
  };
}
