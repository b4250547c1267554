import assert from 'node:assert/strict';
import { latestProcesses, readJournal } from '../../../local/host/journal.ts';
import { localPaths } from '../../../local/paths.ts';
import { program } from '../../support/cluster.ts';
import { start } from '../../support/command.ts';

const socket = '/run/containerd/containerd.sock';

/** Gives an image that a node has another name, as if it had arrived there. */
export async function addImage(node: string, image: string, name: string): Promise<void> {
  await ctr(node, ['images', 'tag', '--force', image, name]);
}

export async function removeImage(node: string, name: string): Promise<void> {
  await ctr(node, ['images', 'rm', name]);
}

async function ctr(node: string, args: readonly string[]): Promise<void> {
  const holder = latestProcesses(readJournal(localPaths(process.env).journal)).get(
    `node on ${node}`,
  );
  assert.ok(holder !== undefined, `no node ${node}`);
  const enter = ['--target', String(holder.pid), '--mount', '--net', '--'];
  const flags = ['--address', socket, '--namespace', 'k8s.io'];
  const { code, stderr } = await start('nsenter', [...enter, program('ctr'), ...flags, ...args])
    .finished;
  assert.equal(code, 0, `ctr ${args.join(' ')} on ${node}: ${stderr}`);
}
