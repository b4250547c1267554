import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { localPaths } from '../../local/paths.ts';

const paths = localPaths(process.env);

/**
 * Milliseconds from the start of a program to its first request, on a server of this process that has the certificate of the
 * cluster's API server. The program gets the kubeconfig written to `kubeconfig`, and is ended as soon as it has asked.
 */
export async function msToFirstRequest(
  command: readonly [string, ...string[]],
  kubeconfig: string,
): Promise<number> {
  const [cert, key, admin] = await Promise.all(
    [join(paths.pki, 'apiserver.crt'), join(paths.pki, 'apiserver.key'), paths.kubeconfig].map(
      (path) => readFile(path, 'utf8'),
    ),
  );
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    const url = `https://127.0.0.1:${address.port}`;
    await writeFile(kubeconfig, (admin ?? '').replace(/server: .*/, `server: ${url}`));
    const [program, ...args] = command;
    const startMs = performance.now();
    const child = spawn(program, args, {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', KUBECONFIG: kubeconfig },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    const asked = once(server, 'request', { signal: AbortSignal.timeout(20_000) });
    await Promise.race([asked, exited.then(() => Promise.reject(new Error('it asked nothing')))]);
    const tookMs = performance.now() - startMs;
    child.kill('SIGKILL');
    await exited;
    return tookMs;
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(kubeconfig, { force: true });
  }
}
