import { sandboxImage } from './image-names.ts';

export interface ContainerdPaths {
  readonly runc: string;
  readonly cniBinDir: string;
  readonly cniConfDir: string;
  readonly socket: string;
}

/** How layers become a root file system: `native` copies them, for where overlays cannot be stacked. */
export type Snapshotter = 'overlayfs' | 'native';

/** containerd's configuration, the same on every node: each has its own /var/lib and /run. */
export function containerdConfig(
  { runc, cniBinDir, cniConfDir, socket }: ContainerdPaths,
  snapshotter: Snapshotter,
): string {
  return `version = 3
root = '/var/lib/containerd'
state = '/run/containerd'
# It would make folders in /opt, for images that install programs on the host.
disabled_plugins = ['io.containerd.internal.v1.opt']

[grpc]
  address = '${socket}'

[debug]
  # What it does for each pod, which the node's log tailer reads.
  level = 'info'

[plugins.'io.containerd.cri.v1.runtime']
  # Without CAP_SYS_RESOURCE no process may get an oom_score_adj below its parent's.
  restrict_oom_score_adj = true

  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ['${cniBinDir}']
    conf_dir = '${cniConfDir}'

  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = 'io.containerd.runc.v2'

    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
      BinaryName = '${runc}'
      SystemdCgroup = false

[plugins.'io.containerd.cri.v1.images']
  snapshotter = '${snapshotter}'

  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = '${sandboxImage}'
`;
}
