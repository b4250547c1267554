import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { wantedOf, type Target } from '../../../../../receivers/rtt-pinger/core/target.ts';
import {
  createHttpProber,
  mostKept,
} from '../../../../../receivers/rtt-pinger/edge/http-prober.ts';
import type { Prober } from '../../../../../receivers/rtt-pinger/edge/prober.ts';
import { until } from '../../../../support/until.ts';
import { peer } from '../peers.ts';

const turn = () => ({ nowMs: performance.now(), late: false, overdue: () => false });

describe('connections that HTTP probes keep', function () {
  this.timeout(60_000);
  let server: Server;
  let port: number;
  let open: number;
  let opened: number;
  let prober: Prober;
  let samples: Sample[];

  beforeEach(async () => {
    [open, opened, samples] = [0, 0, []];
    server = createServer((_, response) => response.end('pong\n'));
    server.on('connection', (socket) => {
      open++;
      opened++;
      socket.once('close', () => open--);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    prober = createHttpProber({
      timeoutMs: 10_000,
      path: '/',
      reuse: true,
      onSample: (sample) => samples.push(sample),
    });
  });
  afterEach(() => {
    prober.close();
    server.closeAllConnections();
    server.close();
  });

  /** As the plan does: an object of its own for each probe. */
  const target = (name: string): Target => ({
    ...wantedOf(peer(name, '127.0.0.1'), 'http', port),
    gone: false,
  });

  async function probe(targets: readonly Target[]): Promise<void> {
    const before = samples.length;
    for (const each of targets) prober.launch(each, turn());
    await until(() => samples.length === before + targets.length);
    assert.ok(samples.every(({ kind }) => kind === 'ok'));
  }

  it('are one for each peer, whichever object names it', async () => {
    for (let round = 0; round < 3; round++) await probe([target('a'), target('b')]);

    assert.equal(opened, 2);
  });

  it('are bounded, and those that were used least recently go', async () => {
    const names = Array.from({ length: mostKept + 10 }, (_, index) => `peer-${index}`);
    for (let from = 0; from < names.length; from += 50)
      await probe(names.slice(from, from + 50).map(target));
    await until(() => open === mostKept);
    const before = opened;
    await probe([target(names.at(-1) ?? '')]);
    assert.equal(opened, before);
    await probe([target(names[0] ?? '')]);

    assert.equal(opened, before + 1);
  });

  it('end with the server, without a probe in between', async () => {
    const ends: (() => void)[] = [];
    server.on('connection', (socket) => ends.push(() => socket.end()));
    await probe([target('a'), target('b')]);
    for (const end of ends) end();

    // The server sees each closed once the prober has closed it, too.
    await until(() => open === 0);
  });

  it('end with their peer, and with the prober', async () => {
    const gone = target('a');
    await probe([gone, target('b')]);
    gone.gone = true;
    prober.turn(turn());
    await until(() => open === 1);
    prober.close();

    await until(() => open === 0);
  });
});
