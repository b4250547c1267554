import assert from 'node:assert/strict';

import { createCounts, type Counts } from '../../../../../receivers/correlator/core/counts.ts';
import type { Delivery, OtlpClient } from '../../../../../receivers/correlator/edge/otlp-client.ts';
import { createSender, type Sender } from '../../../../../receivers/correlator/edge/sender.ts';
import { silent } from './fake-api.ts';

interface Fake {
  readonly sender: Sender;
  readonly counts: Counts;
  readonly delivered: string[];
  /** Closes the sender without hurry. */
  readonly drain: () => Promise<void>;
}

const ok: Delivery = { kind: 'delivered', response: Buffer.alloc(0) };
const later: Delivery = { kind: 'retry', problem: 'not now' };

function sending(
  answers: readonly Delivery[],
  options: { maxQueuedBytes?: number; giveUpAfterMs?: number } = {},
): Fake {
  const counts = createCounts();
  const delivered: string[] = [];
  const left = [...answers];
  const client: OtlpClient = {
    export: async (request) => {
      const answer = left.shift() ?? ok;
      if (answer.kind === 'delivered') delivered.push(request.toString());
      return answer;
    },
    close: () => undefined,
  };
  const sender = createSender({
    client,
    counts,
    log: silent,
    maxQueuedBytes: 1000,
    giveUpAfterMs: 5000,
    random: () => 0,
    ...options,
  });
  return { sender, counts, delivered, drain: () => sender.close(new AbortController().signal) };
}

describe('the sender', () => {
  it('delivers in order, again where it must', async () => {
    const { sender, counts, delivered, drain } = sending([later, later, ok, later]);

    for (const text of ['one', 'two', 'three']) sender.send(Buffer.from(text), 2);
    const queued = counts.queuedBytes;
    await drain();

    assert.deepEqual(delivered, ['one', 'two', 'three']);
    assert.equal(counts.delivered, 6);
    assert.deepEqual([queued, counts.queuedBytes], [11, 0]);
  });

  it('drops, and counts, what does not fit its queue', async () => {
    const { sender, counts, delivered, drain } = sending([], { maxQueuedBytes: 10 });

    for (const text of ['12345', '67890', 'too much']) sender.send(Buffer.from(text), 3);
    await drain();

    assert.deepEqual(delivered, ['12345', '67890']);
    assert.equal(counts.dropped.queue_full, 3);
  });

  it('gives up what is refused, and what is too late, and goes on', async () => {
    const refused: Delivery = { kind: 'refused', problem: 'never' };
    const first = sending([refused]);
    const second = sending([later], { giveUpAfterMs: 0 });

    for (const { sender, drain } of [first, second]) {
      sender.send(Buffer.from('lost'), 4);
      sender.send(Buffer.from('kept'), 1);
      await drain();
    }

    for (const { counts, delivered } of [first, second]) {
      assert.deepEqual(delivered, ['kept']);
      assert.deepEqual([counts.dropped.send_failed, counts.delivered], [4, 1]);
    }
  });

  it('believes a receiver that says how many spans it rejected', async () => {
    const response = Buffer.from([10, 2, 8, 3]);
    const { sender, counts, drain } = sending([{ kind: 'delivered', response }]);

    sender.send(Buffer.from('some'), 10);
    await drain();

    assert.deepEqual([counts.dropped.rejected, counts.delivered], [3, 7]);
  });

  it('drops what it holds when its time to close is up, and takes no more', async () => {
    const counts = createCounts();
    const client: OtlpClient = {
      export: (_request, _timeoutMs, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(later))),
      close: () => undefined,
    };
    const sender = createSender({
      client,
      counts,
      log: silent,
      maxQueuedBytes: 1000,
      giveUpAfterMs: 60_000,
      random: () => 0,
    });
    const deadline = new AbortController();

    sender.send(Buffer.from('stuck'), 1);
    sender.send(Buffer.from('behind'), 2);
    const closed = sender.close(deadline.signal);
    sender.send(Buffer.from('after'), 4);
    deadline.abort();
    await closed;

    assert.equal(counts.dropped.shutdown, 7);
  });
});
