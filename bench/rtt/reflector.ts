import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { start } from '../../test/support/command.ts';
import { inside, ip } from './network.ts';

export const reflected = '198.19.0.1';

export interface Reflector {
  readonly stop: () => Promise<void>;
}

/** Builds the reflector; gives its path. Needs Go. */
export async function buildReflector(folder: string): Promise<string> {
  const path = join(folder, 'reflector');
  const from = join(import.meta.dirname, 'reflector');
  const { code, stderr } = await start('go', ['build', '-C', from, '-o', path, '.']).finished;
  if (code !== 0) throw new Error(`go build: ${stderr}`);
  return path;
}

/** Lets `reflected` answer echo requests in a namespace, a known time after each. */
export async function startReflector(
  program: string,
  namespace: string,
  delay: string,
): Promise<Reflector> {
  const child = spawn('ip', inside(namespace, [program, 'delay0', delay]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  ip(`-n ${namespace} link set delay0 up`);
  ip(`-n ${namespace} route add ${reflected}/32 dev delay0`);
  return {
    stop: async () => {
      const ended = once(child, 'close');
      child.kill();
      await ended;
    },
  };
}
