import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Milliseconds from the start of a program to its first request, on a server that does nothing else. The program gets a
 * kubeconfig that points at it; it is ended as soon as it has asked.
 */
export async function msToFirstRequest(
  command: readonly [string, ...string[]],
  kubeconfig: string,
): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await writeFile(kubeconfig, plainKubeconfig(`http://127.0.0.1:${port}`));
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

function plainKubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    clusters: [{ name: 'bench', cluster: { server } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    users: [{ name: 'bench', user: {} }],
  });
}
