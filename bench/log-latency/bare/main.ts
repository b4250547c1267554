/**
 * What sending alone takes, for `npm run bench -- log-latency`: calls of gRPC with a probe's line and nothing else. Prints when each
 * began as the writer does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { probeLine } from '../writing.ts';

const { address, first, probes, everyMs } = JSON.parse(process.argv[2] ?? '') as {
  address: string;
  first: number;
  probes: number;
  everyMs: number;
};
const client = new Client(address, credentials.createInsecure());
const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const same = (bytes: Buffer): Buffer => bytes;
const wrote: [number, string][] = [];
for (let probe = first; probe < first + probes; probe++) {
  await sleep(everyMs);
  const line = Buffer.from(probeLine(probe, Date.now()));
  wrote.push([probe, String(process.hrtime.bigint())]);
  await new Promise((resolve) => client.makeUnaryRequest(path, same, same, line, resolve));
}
client.close();
console.log(JSON.stringify({ wrote, lines: probes }));
