import { createReviewCounts } from '../../../../../operator/webhook/counts.ts';
import { startWebhookServer } from '../../../../../operator/webhook/server.ts';
import { pod } from '../../../../support/operator/pods.ts';
import { admissionReview, readAnswer } from '../../../../support/operator/reviews.ts';
import { servingPair } from '../../../../support/operator/serving-pair.ts';
import { webhookClient, type WebhookClient } from '../../../../support/operator/webhook-client.ts';
import { injector, mutatedReviews, sentUidOf } from './fuzz.ts';

export interface ServedReviews {
  readonly answered: number;
  /** Not with status 200 and a sound review that allows and names the request. */
  readonly misanswered: number;
  readonly longestMs: number;
  /** What the server itself counted. */
  readonly counted: number;
  /** A sound request that came after all the others got its patch. */
  readonly soundOneInjected: boolean;
}

const atOnce = 8;
const tooLong = JSON.stringify(admissionReview(pod())).padEnd(2 ** 20 + 1);

/** Sends mutated requests through TLS to the webhook's server, several at once, and one in 500 of more than it reads. */
export async function fuzzServer(requests: number, seed: number): Promise<ServedReviews> {
  const { ca, pair } = await servingPair();
  const counts = createReviewCounts();
  const server = await startWebhookServer({ port: 0, host: '127.0.0.1', pair, injector, counts });
  const client = webhookClient(server.port, ca);
  let [answered, misanswered, longestMs] = [0, 0, 0];
  const left = mutatedReviews(requests, seed);
  const worker = async (): Promise<void> => {
    for (const body of left) {
      const sent = answered % 500 === 499 ? tooLong : body;
      answered++;
      const ms = await soundAnswerMs(client, sent);
      if (ms === undefined) misanswered++;
      else longestMs = Math.max(longestMs, ms);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    const counted = counts.total();
    const { text } = await client.post(JSON.stringify(admissionReview(pod())));
    const soundOneInjected = readAnswer(text).patch !== undefined;
    return { answered, misanswered, longestMs, counted, soundOneInjected };
  } finally {
    client.close();
    await server.close();
  }
}

async function soundAnswerMs(client: WebhookClient, body: string): Promise<number | undefined> {
  try {
    const { status, text, ms } = await client.post(body);
    const { uid } = readAnswer(text);
    const sentUid = sentUidOf(body);
    return status === 200 && (sentUid === undefined || uid === sentUid) ? ms : undefined;
  } catch {
    return undefined;
  }
}
