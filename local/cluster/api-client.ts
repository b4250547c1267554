import { request } from 'node:https';
import { apiServerUrl, type AdminCredentials } from './pki.ts';

interface ApiResponse {
  readonly status: number;
  /** The parsed body: an object of Kubernetes, or a Status that tells what is wrong. */
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** `application/json` unless it is a patch. */
  readonly contentType?: string;
}

/** Asks the API server as its administrator. Rejects when there is no answer, not for the answer's status. */
export type AskApi = (asked: ApiRequest) => Promise<ApiResponse>;

const answerWithinMs = 15_000;

/**
 * `up` and `status` ask a dozen plain questions, each of which has to end with a signal: that takes no client library,
 * whose loading alone would cost a tenth of a warm start.
 */
export function createApi(
  credentials: AdminCredentials,
  signal: AbortSignal,
  server = apiServerUrl,
): AskApi {
  const { ca, cert, key } = credentials;
  return ({ method, path, body, contentType = 'application/json' }) => {
    const { promise, resolve, reject } = Promise.withResolvers<ApiResponse>();
    const headers = { accept: 'application/json', 'content-type': contentType };
    const url = new URL(path, server);
    const sent = request(
      url,
      { method, headers, ca, cert, key, signal, agent: false, timeout: answerWithinMs },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, body: parse(text) }),
        );
      },
    );
    sent.once('timeout', () =>
      sent.destroy(new Error(`${method} ${url.href}: no answer within ${answerWithinMs / 1000} s`)),
    );
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  };
}

/** The body of an answer that has to be good; throws with what the API server said. */
export async function expectOk(
  ask: AskApi,
  asked: ApiRequest,
  alsoGood: readonly number[] = [],
): Promise<unknown> {
  const { status, body } = await ask(asked);
  if ((status >= 200 && status < 300) || alsoGood.includes(status)) return body;
  const said = (body as { message?: string } | undefined)?.message ?? 'no message';
  throw new Error(`${asked.method} ${asked.path}: status ${status}: ${said}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
