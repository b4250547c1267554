import { askHttp, type HttpAnswer } from '../ask-http.ts';
import { parseIdentity, type Identity } from './identity.ts';

export interface ImdsOptions {
  readonly endpoint: URL;
  /** Longest time for one answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type ImdsAnswer =
  | {
      readonly kind: 'told';
      readonly identity: Identity;
      /** Undefined where the machine has none. */
      readonly hostname: string | undefined;
    }
  /** The problem says who was asked for what. */
  | { readonly kind: 'failed'; readonly problem: string };

const tokenSeconds = '60';

/** Asks the metadata service of EC2, version 2, who this machine is. Never rejects. */
export async function askImds({ endpoint, ...limits }: ImdsOptions): Promise<ImdsAnswer> {
  const base = endpoint.href.replace(/\/$/, '');
  const ask = (path: string, method: 'GET' | 'PUT', headers: Record<string, string>) =>
    askHttp({ url: new URL(`${base}${path}`), method, headers }, limits);
  const failed = (what: string, answer: HttpAnswer): ImdsAnswer => ({
    kind: 'failed',
    problem: `asking ${base} for ${what}: ${whyNot(answer)}`,
  });

  const token = await ask('/latest/api/token', 'PUT', {
    'X-aws-ec2-metadata-token-ttl-seconds': tokenSeconds,
  });
  if (!isOk(token)) return failed('a token', token);
  const headers = { 'X-aws-ec2-metadata-token': token.text.trim() };
  const document = await ask('/latest/dynamic/instance-identity/document', 'GET', headers);
  if (!isOk(document)) return failed('the identity of the machine', document);
  const identity = parseIdentity(document.text);
  if (identity === undefined) return failed('the identity of the machine', document);
  const hostname = await ask('/latest/meta-data/hostname', 'GET', headers);
  const name = isOk(hostname) ? hostname.text.trim().split(/\s/, 1)[0] : undefined;
  return { kind: 'told', identity, hostname: name === '' ? undefined : name };
}

function isOk(answer: HttpAnswer): answer is Extract<HttpAnswer, { kind: 'answer' }> {
  return answer.kind === 'answer' && answer.status === 200;
}

function whyNot(answer: HttpAnswer): string {
  if (answer.kind === 'failed') return answer.problem;
  if (answer.status !== 200) return `expected status 200, got ${answer.status}`;
  return `expected an identity document, got ${JSON.stringify(answer.text.slice(0, 40))}`;
}
