import type { Socket } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Each of the two streams begins with the port's number, in two bytes. */
const portBytes = 2;
const streams = { data: 0, error: 1 } as const;

/**
 * Carries a connection to a port of a pod, through the API server, and resolves when it stands; both ends close together.
 * Rejects when the API server or the node refuses; what goes wrong later ends the connection, and is told to `failed`.
 */
export async function connectToPod(
  config: KubeConfig,
  { namespace, pod, port }: PodPort,
  { socket, failed }: { readonly socket: Socket; readonly failed: (problem: string) => void },
): Promise<void> {
  const { WebSocketHandler } = await import('@kubernetes/client-node/dist/web-socket-handler.js');
  const begun = new Set<number>();
  const receive = (stream: number, bytes: Buffer): boolean => {
    const content = begun.has(stream) ? bytes : bytes.subarray(portBytes);
    begun.add(stream);
    if (stream === streams.data) socket.write(content);
    else if (content.length > 0) failed(content.toString('utf8').trim());
    return stream === streams.data || content.length === 0;
  };
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
  const channel = await new WebSocketHandler(config).connect(path, null, receive);
  channel.addEventListener('close', () => socket.end());
  channel.addEventListener('error', ({ message }: { readonly message: string }) => failed(message));
  socket.on('close', () => channel.close());
  if (socket.destroyed) channel.close();
  WebSocketHandler.handleStandardInput(channel, socket, streams.data);
}
