import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { wantedOf, type Protocol } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { openProbers } from '../../../../../receivers/rtt-pinger/edge/open-probers.ts';
import { createProbeLoop } from '../../../../../receivers/rtt-pinger/edge/probe-loop.ts';
import type { Prober } from '../../../../../receivers/rtt-pinger/edge/prober.ts';
import { until } from '../../../../support/until.ts';
import { peer } from '../peers.ts';

const stallMs = 60;

function stall(): void {
  const endMs = performance.now() + stallMs;
  while (performance.now() < endMs);
}

const rhythm = { intervalMs: 100, jitter: 0, random: () => 0 };

describe('samples while a socket callback holds up the event loop', () => {
  let server: Server;
  let port: number;
  /** Whatever is written to it stalls the event loop as soon as it is read. */
  let staller: Socket;
  let toStall: Socket;

  beforeEach(async () => {
    const pair = createServer((socket) => socket.on('data', stall)).listen(0, '127.0.0.1');
    await once(pair, 'listening');
    toStall = connect((pair.address() as AddressInfo).port, '127.0.0.1');
    [staller] = (await once(pair, 'connection')) as [Socket];
    pair.close();
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        // Both lie ready when the event loop looks next, the stall first.
        toStall.write('x');
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    staller.destroy();
    toStall.destroy();
    server.close();
  });

  async function first(protocol: Protocol, before: () => void): Promise<Sample | undefined> {
    const samples: Sample[] = [];
    const [opened] = openProbers({
      protocols: [protocol],
      libc: { kind: 'absent', why: 'timed by the event loop' },
      timeoutMs: 1000,
      http: { path: '/', reuse: false },
      onSample: (sample) => samples.push(sample),
    });
    assert.ok(opened);
    const { prober } = opened;
    const launch: Prober['launch'] = (...all) => {
      before();
      prober.launch(...all);
    };
    const probers = { [protocol]: { ...prober, launch } };
    const loop = createProbeLoop({ rhythm, probers, lateMs: 2 });
    loop.once([wantedOf(peer('peer', '127.0.0.1'), protocol, port)]);
    loop.start();
    try {
      await until(() => samples.length > 0);
    } finally {
      loop.stop();
      prober.close();
    }
    return samples[0];
  }

  it('are flagged by HTTP, where the answer lay waiting', async () => {
    const sample = await first('http', () => undefined);

    assert.ok(sample?.kind === 'ok' && sample.rttNs > (stallMs / 2) * 1e6);
    assert.equal(sample.late, true);
  });

  it('are flagged by TCP, where the connection was there already', async () => {
    const sample = await first('tcp', () => toStall.write('x'));

    assert.ok(sample?.kind === 'ok' && sample.rttNs > (stallMs / 2) * 1e6);
    assert.equal(sample.late, true);
  });
});

describe('turns that others hold up', () => {
  let lates: boolean[];
  let working: () => void;
  const prober: Prober = {
    stamps: 'user',
    launch: () => working(),
    turn: ({ late }) => lates.push(late),
    underWay: () => 1,
    close: () => undefined,
  };
  const targets = [wantedOf(peer('peer', '127.0.0.1'), 'tcp', 1)];

  beforeEach(() => {
    lates = [];
    working = () => undefined;
  });

  for (const what of ['follow', 'once'] as const)
    it(`are seen to be late where ${what} comes after the stall`, async () => {
      const loop = createProbeLoop({ rhythm, probers: { tcp: prober }, lateMs: 20 });
      loop.start();
      await until(() => lates.length > 0);
      lates = [];
      stall();
      loop[what](targets);
      await until(() => lates.length > 0);
      loop.stop();

      assert.equal(lates[0], true);
      assert.equal(loop.state().lateTurns > 0, true);
    });

  it('spoil what came meanwhile where the turn before was the stall', async () => {
    const loop = createProbeLoop({ rhythm, probers: { tcp: prober }, lateMs: 20 });
    let turns = 0;
    working = () => {
      turns = lates.length;
      stall();
    };
    loop.once(targets);
    loop.start();
    await until(() => turns > 0 && lates.length > turns + 1);
    loop.stop();

    // One more belongs to the turn that stalled.
    assert.equal(lates[turns + 1], true);
  });
});
