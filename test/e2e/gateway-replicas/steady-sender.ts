import { status } from '@grpc/grpc-js';
import { setTimeout as delay } from 'node:timers/promises';
import { startRelay } from '../../support/otlp-relay.ts';
import { createSender, makeSpans } from '../collector-config/sender.ts';

const everyMs = 50;
const spansARequest = 5;

/** Sends through the gateway's Service without a pause, each request once. */
export interface SteadySender {
  /** Ids of the spans that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** The answers that were none. */
  readonly refused: readonly string[];
  stop(): Promise<void>;
}

export async function startSteadySender(): Promise<SteadySender> {
  const relay = await startRelay('127.0.0.1');
  const sender = createSender(`http://127.0.0.1:${relay.port}`);
  const refused: string[] = [];
  const stopped = new AbortController();
  async function keepSending(): Promise<void> {
    while (!stopped.signal.aborted) {
      const code = await sender.send(makeSpans(spansARequest, { service: 'steady-sender' }));
      if (code !== status.OK) refused.push(status[code]);
      await delay(everyMs);
    }
  }
  const sending = keepSending();
  sending.catch(() => {});
  return {
    acknowledged: sender.acknowledged,
    refused,
    stop: async () => {
      if (stopped.signal.aborted) return;
      stopped.abort();
      await sending;
      await sender.close();
      relay.close();
    },
  };
}
