import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const mountSchema = z.looseObject({ hostPath: z.string() });
const portSchema = z.looseObject({ containerPort: z.int(), hostPort: z.int() });

const nodeSchema = z.looseObject({
  role: z.enum(['control-plane', 'worker']),
  extraMounts: z.array(mountSchema).default([]),
  extraPortMappings: z.array(portSchema).default([]),
});

const clusterSchema = z.looseObject({ name: z.string(), nodes: z.array(nodeSchema) });

export interface ConfigOptions {
  /** Workers beside the control plane; 0 lets pods run on the control plane. */
  readonly workers: number;
  /** Folder that its host paths are relative to. */
  readonly folder: string;
  /** The port of this machine for one that the configuration names. */
  readonly hostPort: (wanted: number) => number;
}

/** A configuration for kind that works from any folder, made of one whose paths are relative. */
export function renderConfig(text: string, options: ConfigOptions): string {
  const { workers, folder, hostPort } = options;
  const cluster = clusterSchema.parse(parse(text));
  const nodes = cluster.nodes.map((node) => ({
    ...node,
    extraMounts: node.extraMounts.map((mount) => ({
      ...mount,
      hostPath: resolve(folder, mount.hostPath),
    })),
    extraPortMappings: node.extraPortMappings.map((port) => ({
      ...port,
      hostPort: hostPort(port.hostPort),
    })),
  }));
  const worker = nodes.find(({ role }) => role === 'worker');
  const controlPlane = nodes.filter(({ role }) => role === 'control-plane');
  return stringify(
    {
      ...cluster,
      nodes: [...controlPlane, ...Array.from({ length: worker ? workers : 0 }, () => worker)],
    },
    { aliasDuplicateObjects: false },
  );
}

/** Ports of this machine that the configuration maps. */
export function hostPorts(text: string): number[] {
  return clusterSchema
    .parse(parse(text))
    .nodes.flatMap(({ extraPortMappings }) => extraPortMappings.map(({ hostPort }) => hostPort));
}
