import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { openPodHub, type PodHub } from '../../../../receivers/pod-prober/pod-hub.ts';
import { createKubeClient } from '../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { json, startFakeApiServer } from '../shared/kubernetes/fake-api-server.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Opens a hub on a server that answers the first lists of Events with these status codes. */
async function withHub(
  refusals: number[],
  use: (hub: PodHub, eventLists: () => number) => Promise<void>,
): Promise<void> {
  let eventLists = 0;
  const server = await startFakeApiServer(({ url }, response) => {
    if (url.searchParams.has('watch')) {
      response.writeHead(200);
      response.flushHeaders();
      return;
    }
    const refusal = url.pathname.endsWith('/events') ? refusals[eventLists++] : undefined;
    if (refusal !== undefined) return json(response, refusal, { message: 'no' });
    json(response, 200, { metadata: { resourceVersion: '1' }, items: [] });
  });
  const clock = createWallClock(processClocks);
  const client = createKubeClient(server.connection, clock);
  try {
    const eventsBackoff = { baseMs: 1, capMs: 1 };
    const opening = new AbortController().signal;
    const started = await openPodHub('ns', { client, clock, log, opening, eventsBackoff });
    assert.ok(started.kind === 'open');
    await use(started.hub, () => eventLists);
    await started.hub.close();
  } finally {
    client.close();
    server.stop();
  }
}

describe('openPodHub', () => {
  it('hears Events once they can be watched, although they could not at first', async () => {
    await withHub([500, 503], async (hub) => {
      while (!hub.hearsEvents()) await sleep(2);
    });
  });

  for (const status of [401, 403]) {
    it(`does not ask for Events again after ${status}`, async () => {
      await withHub([status, status, status], async (hub, eventLists) => {
        const asked = eventLists();
        await sleep(30);

        assert.equal(hub.hearsEvents(), false);
        assert.equal(eventLists(), asked);
      });
    });
  }

  it('closes while it still tries to hear Events', async () => {
    await withHub(
      Array.from({ length: 10_000 }, () => 500),
      (hub) => hub.close(),
    );
  });
});
