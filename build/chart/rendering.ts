import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { objectsOf, type Objects } from './objects.ts';

const run = promisify(execFile);
const mostBytes = 64 * 1024 * 1024;

/** Renders manifests/base with components, by kubectl. */
export type Render = (components: readonly string[]) => Promise<Objects>;

/** `manifests` is the folder, `kubectl` the program; nothing of a cluster is asked for. */
export function renderer(kubectl: string, manifests: string): Render {
  return async (components) => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-chart-'));
    const here = (path: string): string => relative(folder, join(manifests, path));
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [here('base')],
      components: components.map((each) => here(`components/${each}`)),
    };
    try {
      await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
      const { stdout } = await run(kubectl, ['kustomize', folder], { maxBuffer: mostBytes });
      return objectsOf(stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}
