import { statusMessage, type KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { withRemedy } from '../../receivers/shared/kubernetes/remedy.ts';

/** The pod that has the viewer, or why there is none. */
export type FoundPod =
  | { readonly kind: 'pod'; readonly name: string }
  | { readonly kind: 'none'; readonly problem: string };

interface PodList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string; readonly deletionTimestamp?: string };
    readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
    readonly status?: {
      readonly containerStatuses?: readonly { readonly name: string; readonly ready: boolean }[];
    };
  }[];
}

const container = 'viewer';

/** Finds the gateway's pod whose viewer runs. */
export async function findGateway(
  client: KubeClient,
  namespace: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<FoundPod> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = { labelSelector: 'app.kubernetes.io/name=gateway' };
  const answer = await client.request({ verb: 'list', path, query }, limits);
  if (answer.kind === 'failed')
    return none(withRemedy(`listing the gateway's pods: ${answer.message}`, answer));
  if (answer.status !== 200)
    return none(
      withRemedy(
        `listing the gateway's pods: ${statusMessage(answer.body) ?? `status ${answer.status}`}`,
        answer,
      ),
    );
  const pods = (answer.body as PodList).items ?? [];
  if (pods.length === 0)
    return none(
      `no pod with the label ${query.labelSelector} in namespace ${namespace}; --namespace names another, manifests/README.md says how to deploy it`,
    );
  const withViewer = pods.filter(({ spec }) =>
    spec?.containers?.some(({ name }) => name === container),
  );
  if (withViewer.length === 0)
    return none(
      `the gateway in namespace ${namespace} has no container '${container}'; component viewer of manifests/components brings it`,
    );
  const running = withViewer.find(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined &&
      status?.containerStatuses?.some(({ name, ready }) => name === container && ready),
  );
  const name = running?.metadata?.name;
  return name === undefined
    ? none(
        `the container '${container}' of the gateway does not run yet; kubectl --namespace=${namespace} describe pod --selector=${query.labelSelector} says why`,
      )
    : { kind: 'pod', name };
}

function none(problem: string): FoundPod {
  return { kind: 'none', problem };
}
