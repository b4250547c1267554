import { fileURLToPath } from 'node:url';

export interface Rendering {
  readonly name: string;
  /** Folder of the kustomization, from the project's root. */
  readonly folder: string;
  /** File with what `kubectl kustomize` makes of it, written by the end-to-end test `manifests`. */
  readonly golden: string;
}

function rendering(name: string, folder: string): Rendering {
  const golden = new URL(`../unit/manifests/rendered/${name}.yaml`, import.meta.url);
  return { name, folder, golden: fileURLToPath(golden) };
}

export const renderings: readonly Rendering[] = [
  rendering('local', 'manifests/overlays/local'),
  rendering('kind', 'manifests/overlays/kind'),
  rendering('kind-grafana', 'manifests/overlays/kind-grafana'),
  rendering('everything', 'test/support/everything'),
];

/**
 * A rendering without the collectors' configurations and without the hashes of what ConfigMaps hold: these files would
 * otherwise change with every line of collector-config/, which has tests of its own.
 */
export function withoutContents(yaml: string): string {
  return yaml
    .split(/^---\n/m)
    .map((object) =>
      /^kind: ConfigMap$/m.test(object) && /^ {2}name: collector-config-/m.test(object)
        ? object.replace(/^( {2}[\w.-]+\.yaml): \|\n(?:(?: {4}.*)?\n)+/gm, '$1: left out\n')
        : object,
    )
    .join('---\n')
    .replaceAll(
      /\b(collector-config|correlator-config|environment|rtt-[a-z-]+-config|operator-config)-[a-z0-9]{10}\b/g,
      '$1-HASH',
    );
}
