import { createServer } from 'node:net';
import { clusterFailed } from '../errors.ts';

/**
 * Keeps a second `up` or `down` off the same cluster. The lock is a socket in the kernel's abstract namespace: it leaves no
 * file, and ends with the process that holds it, however that dies. Rejects when another process holds it.
 */
export async function lockCluster(clusterDir: string): Promise<Disposable> {
  const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
  const server = createServer((socket) => socket.destroy());
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'EADDRINUSE'
        ? clusterFailed(
            `another kube-latency command is at work on the cluster in ${clusterDir}; wait until it has ended`,
          )
        : error,
    ),
  );
  server.listen({ path: `\0kube-latency:${clusterDir}` }, () => {
    server.unref();
    resolve({ [Symbol.dispose]: () => void server.close() });
  });
  return promise;
}
