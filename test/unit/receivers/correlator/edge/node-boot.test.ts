import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { readNodeBoot } from '../../../../../receivers/correlator/edge/node-boot.ts';
import { bootIdOf, bootTraceId } from '../../../../../receivers/shared/boot-trace.ts';
import { derivedSpanId } from '../../../../../receivers/shared/derived-id.ts';
import { createKubeClient } from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const uid = '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11';

describe('the boot of a node', () => {
  let server: FakeApiServer;
  let refusals: number;
  let created: string;
  const said: object[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields: object) => void said.push(fields),
    error: () => undefined,
  };

  beforeEach(async () => {
    refusals = 0;
    said.length = 0;
    created = '2000-01-01T00:00:00Z';
    server = await startFakeApiServer((_, response) =>
      refusals-- > 0
        ? json(response, 403, { kind: 'Status', message: 'nodes is forbidden' })
        : json(response, 200, { metadata: { name: 'n1', uid, creationTimestamp: created } }),
    );
  });
  afterEach(() => server.stop());

  async function read(signal = new AbortController().signal) {
    const client = createKubeClient(server.connection, clock);
    try {
      return await readNodeBoot({ node: 'n1', client, clock, log, signal });
    } finally {
      client.close();
    }
  }

  it('has the ids that the log tailer gives it, and the time when the kernel started', async () => {
    const bootId = bootIdOf(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '';
    const uptime = Number.parseFloat(await readFile('/proc/uptime', 'utf8'));

    const boot = await read();

    const traceId = bootTraceId(bootId, uid);
    assert.deepEqual([boot?.traceId, boot?.spanId], [traceId, derivedSpanId(traceId, 'node.boot')]);
    assert.ok(Math.abs(Date.now() - uptime * 1000 - (boot?.atMs ?? 0)) < 2000);
    assert.deepEqual(
      server.taken.map(({ url }) => url.pathname),
      ['/api/v1/nodes/n1'],
    );
  });

  it('is that of the registration where the machine is older than its node', async () => {
    created = '2099-01-01T00:00:00Z';

    assert.equal((await read())?.atMs, Date.UTC(2099, 0));
  });

  it('is asked for until it may be', async () => {
    refusals = 1;

    const boot = await read();

    assert.equal(server.taken.length, 2);
    assert.ok(boot);
    assert.deepEqual(said, [{ node: 'n1', problem: 'nodes is forbidden' }]);
  });

  it('is none when it is to stop', async () => {
    refusals = Number.POSITIVE_INFINITY;
    const stop = new AbortController();
    const reading = read(stop.signal);
    setTimeout(() => stop.abort(), 50);

    assert.equal(await reading, undefined);
  });
});
