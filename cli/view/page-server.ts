import { createServer, type AddressInfo, type Socket } from 'node:net';
import { messageOf, StartupError } from '../../receivers/shared/errors.ts';

export interface PageServer {
  readonly port: number;
  /** Ends every connection and takes no more. */
  readonly close: () => Promise<void>;
}

export interface PageServerOptions {
  /** On loopback; 0 takes any that is free. */
  readonly port: number;
  /** Carries a connection to where the pages are; rejects where that cannot be. */
  readonly carry: (socket: Socket) => Promise<void>;
  readonly failed: (problem: string) => void;
}

/** Listens on loopback and hands every connection on. Rejects with StartupError where it cannot listen. */
export function startPageServer({ port, carry, failed }: PageServerOptions): Promise<PageServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The other end went away: that ends the connection, and is nobody's fault.
    socket.on('error', () => socket.destroy());
    carry(socket).catch((caught: unknown) => {
      failed(messageOf(caught));
      socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new StartupError(
          `listening on 127.0.0.1:${port}: ${messageOf(error)}; --port chooses another, 0 any that is free`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      }),
    );
  });
}
