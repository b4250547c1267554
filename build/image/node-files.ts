import { layerFile } from './layer.ts';
import { libraryFiles } from './libraries.ts';
import { stripped } from './strip.ts';
import { accountFiles, certificateFiles } from './system-files.ts';
import type { TarEntry } from './tar.ts';

/** Entry point of the kube-latency image. */
export const imageNode = '/node/bin/node';

/** What programs of Node need beneath them: Node itself, without npm, its libraries, and a few files of /etc. */
export async function nodeFiles(node: string, signal: AbortSignal): Promise<TarEntry[]> {
  return [
    layerFile(imageNode, await stripped(node, signal), 0o755),
    ...(await libraryFiles(node, signal)),
    ...accountFiles(),
    ...certificateFiles(),
  ];
}
