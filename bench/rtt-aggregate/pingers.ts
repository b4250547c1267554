/**
 * `node bench/rtt-aggregate/pingers.ts COUNT`: answers /tally for so many pingers, one a path of 127.x.y.z, each telling what a pinger
 * of a mesh by the plan tells. Prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { stretchMs } from '../../receivers/shared/mesh/tally-limits.ts';
import type { TallyReport } from '../../receivers/shared/mesh/tally-report.ts';

/** By the plan: six nodes in every interval, fifty others once in a stretch. */
const steady = 6;
const swept = 50;
const zones = 10;

const count = Number(process.argv[2]);
const server = createServer((request, response) => {
  const { localAddress = '' } = request.socket;
  const [, high = 0, low = 0] = localAddress.replace('::ffff:', '').split('.').slice(1).map(Number);
  const after = Number(new URL(request.url ?? '', 'http://pinger').searchParams.get('after'));
  response.end(JSON.stringify(answer(high * 250 + low - 1, after)));
});
server.listen(0, () => console.log((server.address() as AddressInfo).port));

function answer(pinger: number, after: number): TallyReport {
  const newest = Math.floor(Date.now() / stretchMs) - 1;
  const steps = Array.from({ length: steady + swept }, (_, index) =>
    index < steady ? 1 + index * 3 : 1 + ((newest * swept + index) % (count - 1)),
  );
  const rows = steps.map((_, index): TallyReport['stretches'][number]['rows'][number] => {
    const sent = index < steady ? 5 : 1;
    const lost = Math.random() < 1e-4 * sent ? 1 : 0;
    const timed = sent - lost;
    const [min, max, last] = timed === 0 ? [null, null, null] : [2e-4, 5e-4, 3e-4];
    return [index, sent, lost, timed, timed * 3e-4, min, max, last];
  });
  return {
    version: 1,
    protocol: 'icmp',
    source: place(pinger),
    full: false,
    intervalMs: 1000,
    destinations: steps.map((step) => place((pinger + step) % count)),
    stretches: newest > after ? [{ number: newest, rows }] : [],
    convicted: [],
  };
}

function place(pinger: number): TallyReport['source'] {
  const node = `node-${String(pinger).padStart(4, '0')}`;
  return { node, zone: `zone-${pinger % zones}`, rack: '', namespace: 'kube-latency', pod: node };
}
