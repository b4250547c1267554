import type { LineReader } from '../local/cluster/line-reader.ts';
import type { Engine } from './engine.ts';

/** A node of the cluster: a container of the engine. */
export interface KindNode {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly address: string;
}

/** Standard output of a program that runs in a node; rejects when it fails. */
export function askNode(engine: Engine, node: string, command: readonly string[]): Promise<string> {
  return engine.ask(['exec', node, ...command]);
}

/** Ends the back-off of containerd's exporter; running containers do not mind. */
export async function restartContainerd(engine: Engine, { name }: KindNode): Promise<void> {
  await askNode(engine, name, ['systemctl', 'restart', 'containerd']);
}

/** Reads a growing file of a node from where it left off; one that has shrunk was rotated, and is read from its beginning. */
export function nodeLineReader(engine: Engine, node: string, path: string): LineReader {
  let offset = 0;
  return {
    async read() {
      const size = Number(
        await askNode(engine, node, ['sh', '-c', `stat -c %s ${path} 2>/dev/null || echo 0`]),
      );
      if (size < offset) offset = 0;
      if (size === offset) return [];
      const text = await askNode(engine, node, ['tail', '-c', `+${offset + 1}`, path]);
      // Up to the last line that is whole, so that no character is cut.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      offset += Buffer.byteLength(whole);
      return whole.split('\n').filter((line) => line !== '');
    },
  };
}
