import { Agent, request } from 'node:https';
import { webhookPath } from '../../../operator/webhook/server.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

export interface WebhookClient {
  /** Sends a body as the API server does. Rejects where there is no answer. */
  readonly post: (body: string | Buffer, path?: string) => Promise<Answer>;
  readonly close: () => void;
}

/** Asks the webhook at a port of loopback over connections that are kept. */
export function webhookClient(port: number, ca: string): WebhookClient {
  const agent = new Agent({ keepAlive: true, ca });
  return {
    post: (body, path = webhookPath) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const startedMs = performance.now();
      const sent = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.once('error', reject);
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - startedMs }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
      return promise;
    },
    close: () => agent.destroy(),
  };
}
