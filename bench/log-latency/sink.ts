import { once } from 'node:events';
import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Takes log records by OTLP over gRPC, with as little work as it can, and notes when each probe's came. */
export interface Sink {
  /** host:port */
  readonly address: string;
  /** By the number of the probe; nanoseconds of the monotonic clock, which all processes share. */
  readonly cameNs: ReadonlyMap<number, bigint>;
  readonly forget: () => void;
  readonly stop: () => void;
}

/** A message of no bytes: all was taken. */
const taken = Buffer.alloc(5);

export async function startSink(): Promise<Sink> {
  const cameNs = new Map<number, bigint>();
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream) => take(stream, cameNs));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    cameNs,
    forget: () => cameNs.clear(),
    stop: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

function take(stream: ServerHttp2Stream, cameNs: Map<number, bigint>): void {
  const pieces: Buffer[] = [];
  // A sender that is ended breaks its requests off.
  stream.on('error', () => undefined);
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => {
    const nowNs = process.hrtime.bigint();
    for (const [, probe] of Buffer.concat(pieces)
      .toString('latin1')
      .matchAll(/latency probe \d-(\d+)\./g))
      if (!cameNs.has(Number(probe))) cameNs.set(Number(probe), nowNs);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(taken);
  });
}
