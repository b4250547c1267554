import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

/** What the manifests tell Node.js and the C library of the pinger. */
export interface AsDeployed {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export async function asDeployed(): Promise<AsDeployed> {
  const path = 'manifests/components/rtt/pinger/daemon-set-rtt-pinger.yaml';
  const { spec } = parse(await readFile(path, 'utf8')) as DaemonSet;
  const [container] = spec.template.spec.containers;
  const { args = [], env = [] } = container ?? {};
  return {
    flags: args.slice(
      0,
      args.findIndex((arg) => !arg.startsWith('--')),
    ),
    env: Object.fromEntries(
      env.flatMap(({ name, value }) =>
        name.startsWith('MALLOC_') && value !== undefined ? [[name, value]] : [],
      ),
    ),
  };
}
