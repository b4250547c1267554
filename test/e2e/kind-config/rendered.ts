import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { start } from '../../support/command.ts';

/** A node as kind's own package understands it. */
export interface RenderedNode {
  readonly Name: string;
  readonly Role: 'control-plane' | 'worker';
  readonly Mounts: readonly {
    readonly HostPath: string;
    readonly ContainerPath: string;
    readonly Readonly: boolean;
  }[];
  readonly Ports: readonly {
    readonly ContainerPort: number;
    readonly HostPort: number;
    readonly ListenAddress: string;
  }[];
  /** The documents that kubeadm is given, by their kinds. */
  readonly kubeadm: ReadonlyMap<string, KubeadmDocument>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the tests know the shape of the kind they ask for
type KubeadmDocument = any;

/** What kind makes of a configuration for a version of Kubernetes; fails where kind refuses it. */
export async function renderKind(
  program: string,
  config: string,
  version: string,
): Promise<RenderedNode[]> {
  const { code, stdout, stderr } = await start(program, [config, version]).finished;
  assert.equal(code, 0, stderr);
  const { nodes } = JSON.parse(stdout) as {
    readonly nodes: readonly (RenderedNode & { readonly Kubeadm: string })[];
  };
  return nodes.map(({ Kubeadm, ...node }) => ({
    ...node,
    kubeadm: new Map(
      parseAllDocuments(Kubeadm).map((document) => {
        const object = document.toJS() as { readonly kind: string };
        return [object.kind, object] as const;
      }),
    ),
  }));
}

/** Arguments as both versions of kubeadm's configuration have them: a map, or a list of names and values. */
export function argumentsIn(
  extraArgs: Readonly<Record<string, string>> | readonly { name: string; value: string }[],
): Record<string, string> {
  return Array.isArray(extraArgs)
    ? Object.fromEntries(extraArgs.map(({ name, value }) => [name, value]))
    : { ...(extraArgs as Record<string, string>) };
}
