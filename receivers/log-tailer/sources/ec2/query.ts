import { AwsV4Signer } from 'aws4fetch';

import { messageOf } from '../../../shared/errors.ts';
import { askHttp } from '../ask-http.ts';
import { parseAnswer, problemOf, type XmlNode } from './answer.ts';

/** Keys that requests are signed with. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Ec2Options {
  readonly endpoint: URL;
  readonly region: string;
  /** Rejects where there are none. */
  readonly keys: () => Promise<AwsKeys>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type Ec2Answer =
  | { readonly kind: 'answer'; readonly root: XmlNode }
  /** The problem says what was asked. */
  | { readonly kind: 'failed'; readonly problem: string };

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html */
const apiVersion = '2016-11-15';

/** One action of EC2's query API. Never rejects. */
export async function ec2Query(
  action: string,
  parameters: Readonly<Record<string, string>>,
  { endpoint, region, keys, timeoutMs, signal }: Ec2Options,
): Promise<Ec2Answer> {
  const failed = (problem: string): Ec2Answer => ({
    kind: 'failed',
    problem: `${action}: ${problem}`,
  });
  const body = String(new URLSearchParams({ Action: action, Version: apiVersion, ...parameters }));
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await keys();
    const { url, headers } = await new AwsV4Signer({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      method: 'POST',
      url: endpoint.href,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
      service: 'ec2',
      region,
    }).sign();
    const question = { url, method: 'POST' as const, headers: Object.fromEntries(headers), body };
    const answer = await askHttp(question, { timeoutMs, signal });
    if (answer.kind === 'failed') return failed(answer.problem);
    const root = parseAnswer(answer.text);
    if (answer.status !== 200) return failed(problemOf(root) ?? `status ${answer.status}`);
    return root === undefined
      ? failed(`expected XML, got ${JSON.stringify(answer.text.slice(0, 40))}`)
      : { kind: 'answer', root };
  } catch (caught) {
    return failed(messageOf(caught));
  }
}
