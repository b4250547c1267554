import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageArchitecture } from '../../build/image/names.ts';
import { ociArchive, type ImageInput } from '../../build/image/oci-archive.ts';
import { packCollector, packKubeLatency, packViewer } from '../../build/image/pack.ts';
import type { TarEntry } from '../../build/image/tar.ts';
import { findProgram } from '../host/install.ts';
import { run, runOk } from '../host/run.ts';
import type { LocalPaths } from '../paths.ts';
import type { Programs } from '../programs/ensure.ts';
import { collector } from '../programs/tools.ts';
import { busyboxImage, corednsImage, sandboxImage } from './image-names.ts';
import type { ClusterSetup } from './component.ts';
import { containerdSocket } from './node-components.ts';

/** Paths of archives, by the nodes that need them. */
export interface OwnImages {
  readonly everywhere: readonly string[];
  /** The viewer runs beside the gateway, where the gateway's volume is. */
  readonly controlPlane: readonly string[];
}

/** Packs the images of static programs that every node gets, and resolves with the paths of their archives. */
export async function packImages(
  paths: LocalPaths,
  programs: Programs,
  signal: AbortSignal,
): Promise<string[]> {
  await mkdir(paths.images, { recursive: true });
  const images = [
    await singleProgram(sandboxImage, '/pause', programs.pause, '65532:65532'),
    await singleProgram(corednsImage, '/coredns', programs.coredns, '0:0'),
    await busyboxImageInput(signal),
  ];
  return Promise.all(
    images.map(async (image) => {
      const path = join(paths.images, `${/([^/]+):/.exec(image.name)?.[1]}.tar`);
      await writeFile(path, await ociArchive(image));
      return path;
    }),
  );
}

/** Archives of the images that this project's own pods run; what was packed before is not packed again. */
export async function packOwnImages(
  { cacheDir }: LocalPaths,
  programs: Programs,
  signal: AbortSignal,
): Promise<OwnImages> {
  const packing = { folder: join(cacheDir, 'images'), signal };
  // One after the other: each holds a whole image in memory while it packs.
  const kubeLatency = await packKubeLatency(packing);
  const collectorImage = await packCollector(programs[collector], packing);
  const viewer = await packViewer(programs['otel-desktop-viewer'], packing);
  return { everywhere: [kubeLatency.path, collectorImage.path], controlPlane: [viewer.path] };
}

/** Imports archives into the containerd of the node whose namespaces `holder` holds. */
export async function importImages(
  archives: readonly string[],
  { programs, snapshotter }: ClusterSetup,
  { holder, signal }: { readonly holder: number; readonly signal: AbortSignal },
): Promise<void> {
  const enter = ['--target', String(holder), '--mount', '--net', '--'];
  const ctrFlags = ['--address', containerdSocket, '--namespace', 'k8s.io'];
  const importFlags = ['images', 'import', '--local', '--snapshotter', snapshotter];
  for (const archive of archives)
    await runOk('nsenter', [...enter, programs.ctr, ...ctrFlags, ...importFlags, archive], {
      signal,
    });
}

/** These are small: compressed they would only cost time. */
const common = { architecture: imageArchitecture, compression: 'none' } as const;

async function singleProgram(
  name: string,
  path: string,
  program: string,
  user: string,
): Promise<ImageInput> {
  const content = await readFile(program);
  const layer: TarEntry[] = [{ kind: 'file', path: path.slice(1), mode: 0o755, content }];
  return { ...common, name, layers: [layer], entrypoint: [path], user };
}

/** The image of a shell and its tools, of this system's static busybox. */
export async function busyboxImageInput(signal: AbortSignal): Promise<ImageInput> {
  const program = (await findProgram('busybox')) ?? '/bin/busybox';
  const { stdout } = await run(program, ['--list'], { signal });
  const applets = stdout.split('\n').filter((applet) => applet !== '' && applet !== 'busybox');
  const text = (path: string, line: string): TarEntry => ({
    kind: 'file',
    path,
    mode: 0o644,
    content: Buffer.from(`${line}\n`),
  });
  const layer: TarEntry[] = [
    ...['bin', 'etc', 'root'].map((path) => ({ kind: 'folder', path, mode: 0o755 }) as const),
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh'),
    text('etc/group', 'root:x:0:'),
    { kind: 'file', path: 'bin/busybox', mode: 0o755, content: await readFile(program) },
    ...applets.map(
      (applet) => ({ kind: 'link', path: `bin/${applet}`, target: 'busybox' }) as const,
    ),
  ];
  return {
    ...common,
    name: busyboxImage,
    layers: [layer],
    entrypoint: [],
    command: ['sh'],
    user: '0:0',
  };
}
