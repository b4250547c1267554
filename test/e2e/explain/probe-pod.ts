import { cluster, kubectl } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';

/** A probe pod as far as a test waits for it. */
interface ProbePod {
  /** Why its container does not run; empty where it does, or where that is not told. */
  readonly waitingFor: string;
  /** The node that it must go to. */
  readonly pinnedTo: string | undefined;
}

interface PodList {
  readonly items: readonly {
    readonly spec: { readonly nodeSelector?: Readonly<Record<string, string>> };
    readonly status: {
      readonly containerStatuses?: readonly {
        readonly state: { readonly waiting?: { readonly reason?: string } };
      }[];
    };
  }[];
}

/** Waits until there is a probe pod that the condition accepts. */
export async function probePod(accept: (pod: ProbePod) => void): Promise<void> {
  const { proberNamespace } = await cluster();
  const args = ['--namespace', proberNamespace, 'get', 'pods', '--selector=app=probe'];
  await eventually(async () => {
    const { items } = JSON.parse(await kubectl([...args, '--output=json'])) as PodList;
    const pods = items.map(({ spec, status }) => ({
      waitingFor: status.containerStatuses?.[0]?.state.waiting?.reason ?? '',
      pinnedTo: spec.nodeSelector?.['kubernetes.io/hostname'],
    }));
    const refused: unknown[] = [new Error('no probe pod')];
    for (const pod of pods) {
      try {
        accept(pod);
        return;
      } catch (error) {
        refused.push(error);
      }
    }
    throw refused.at(-1);
  });
}
