import { entries } from '../repository.ts';
import { flags, type ClusterSetup, type Component } from './component.ts';

export const viewerUrl = 'http://127.0.0.1:8000';

/** Carries the pages of the viewer, which stands beside the gateway, to the host's loopback. */
export function pages({ paths }: ClusterSetup): Component {
  return {
    name: 'pages',
    node: null,
    program: process.execPath,
    args: [entries.command, 'view', ...flags({ port: 8000, kubeconfig: paths.kubeconfig })],
    env: {},
    files: {},
    health: { kind: 'http', url: viewerUrl },
  };
}
