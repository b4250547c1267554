import assert from 'node:assert/strict';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { localPaths } from '../../../local/paths.ts';

const plugin = 'kube-latency-e2e-slow';
/** The runtime loads a changed configuration behind the back of its calls, and at times not at all. */
const reloadMs = 2000;
const network = '10-kube-latency.conflist';

export interface SlowNetwork {
  /** Names of the pods that it made wait. */
  readonly slowed: () => Promise<readonly string[]>;
  /** Tells the runtime once more. */
  readonly tell: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Puts a network plugin before the node's own that waits before it sets up the network of pods whose names begin so. */
export async function slowNetwork(
  node: string,
  { pods, seconds }: { readonly pods: string; readonly seconds: number },
): Promise<SlowNetwork> {
  const folder = join(localPaths(process.env).config, node);
  const runtime = await readFile(join(folder, 'containerd.toml'), 'utf8');
  const binaries = /bin_dirs = \['([^']+)'\]/.exec(runtime)?.[1];
  assert.ok(binaries !== undefined, `no bin_dirs in the containerd.toml of ${node}`);
  const calls = join(folder, 'cni', `${plugin}.calls`);
  const script = [
    '#!/bin/sh',
    `case "$CNI_COMMAND;$CNI_ARGS;" in`,
    `  "ADD;"*";K8S_POD_NAME=${pods}"*) echo "$CNI_ARGS" >>'${calls}'; sleep ${seconds} ;;`,
    `esac`,
    `exec ${join(binaries, 'bridge')}`,
  ];
  await writeFile(join(binaries, plugin), `${script.join('\n')}\n`);
  await chmod(join(binaries, plugin), 0o755);
  const file = join(folder, 'cni', network);
  const own = await readFile(file, 'utf8');
  const slow = own.replace('"type": "bridge"', `"type": "${plugin}"`);
  assert.notEqual(slow, own);
  await writeFile(calls, '');
  const tell = async (): Promise<void> => {
    await replace(file, slow);
    await delay(reloadMs);
  };
  await tell();
  return {
    slowed: async () => {
      const said = await readFile(calls, 'utf8');
      return [...said.matchAll(/;K8S_POD_NAME=([^;\n]+)/g)].map(([, name = '']) => name);
    },
    tell,
    remove: async () => {
      await replace(file, own);
      await rm(join(binaries, plugin), { force: true });
      await rm(calls, { force: true });
    },
  };
}

/** The runtime must never see half a file, and notices one that comes from another folder not at all. */
async function replace(file: string, text: string): Promise<void> {
  const whole = join(dirname(file), `${plugin}.tmp`);
  await writeFile(whole, text);
  await rename(whole, file);
}
