import { StartupError } from '../../receivers/shared/errors.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';

/** What a cluster can do for injection. */
export interface Abilities {
  /** It serves MutatingAdmissionPolicy as admissionregistration.k8s.io/v1, as Kubernetes does since 1.36. */
  readonly policies: boolean;
  /** It takes init containers that run on, as Kubernetes does since 1.29. */
  readonly nativeSidecars: boolean;
}

interface Version {
  readonly major?: string;
  /** May end in a `+`. */
  readonly minor?: string;
}

interface ResourceList {
  readonly resources?: readonly { readonly name?: string }[];
}

const firstWithNativeSidecars = 29;

/** Of a cluster of this version that serves these resources. */
export function abilitiesOf({ major, minor }: Version, served: ResourceList): Abilities {
  const names = new Set(served.resources?.map(({ name }) => name));
  return {
    policies:
      names.has('mutatingadmissionpolicies') && names.has('mutatingadmissionpolicybindings'),
    nativeSidecars: major === '1' && Number.parseInt(minor ?? '', 10) >= firstWithNativeSidecars,
  };
}

/** Asks the API server what it can do. Rejects with StartupError where it does not say. */
export async function readAbilities(client: KubeClient, signal: AbortSignal): Promise<Abilities> {
  const ask = async (path: string): Promise<object> => {
    const answer = await client.request({ verb: 'get', path }, { timeoutMs: 10_000, signal });
    if (answer.kind === 'answer' && answer.status === 200) return answer.body as object;
    const why = answer.kind === 'failed' ? answer.message : `status ${answer.status}`;
    throw new StartupError(`asking the API server for ${path}: ${why}`);
  };
  const [version, served] = await Promise.all([
    ask('/version'),
    ask('/apis/admissionregistration.k8s.io/v1'),
  ]);
  return abilitiesOf(version, served);
}
