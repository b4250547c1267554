import { readFile } from 'node:fs/promises';
import { appFiles, imageEntry, imageWorkingDir } from './app-files.ts';
import { layer, layerFile } from './layer.ts';
import { libraryFiles } from './libraries.ts';
import {
  collectorImage,
  imageArchitecture,
  imageUser,
  kubeLatencyImage,
  viewerImage,
} from './names.ts';
import { imageNode, nodeFiles } from './node-files.ts';
import type { ImageInput } from './oci-archive.ts';
import { accountFiles, certificateFiles } from './system-files.ts';

const common = { architecture: imageArchitecture, compression: 'zstd', user: imageUser } as const;

/** Node below, which seldom changes, the programs above. Without arguments it is the pinger: the agent of NetworkProbers gets none. */
export async function kubeLatency(signal: AbortSignal): Promise<ImageInput> {
  return {
    ...common,
    name: kubeLatencyImage,
    layers: [layer(await nodeFiles(process.execPath, signal)), layer(await appFiles())],
    entrypoint: [imageNode],
    command: [imageEntry('rtt-pinger')],
    workingDir: imageWorkingDir,
  };
}

export function collector(program: string, signal: AbortSignal): Promise<ImageInput> {
  return programImage(collectorImage, '/otelcol', { program, signal });
}

export function viewer(program: string, signal: AbortSignal): Promise<ImageInput> {
  return programImage(viewerImage, '/viewer', { program, signal });
}

/** An image of one program at `path`, with the libraries that it needs. */
export async function programImage(
  name: string,
  path: string,
  { program, signal }: { readonly program: string; readonly signal: AbortSignal },
): Promise<ImageInput> {
  const files = [
    layerFile(path, await readFile(program), 0o755),
    ...(await libraryFiles(program, signal)),
    ...accountFiles(),
    ...certificateFiles(),
  ];
  return { ...common, name, layers: [layer(files)], entrypoint: [path] };
}
