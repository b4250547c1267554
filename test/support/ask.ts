import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';

/** The body of an answer that must be 200, from a server whose certificate `ca` (PEM) signed, if it has one. */
export async function ask(url: string, ca?: string): Promise<string> {
  const request = ca === undefined ? get(url) : getSecurely(url, { ca });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = (await response.setEncoding('utf8').toArray()).join('');
  assert.equal(response.statusCode, 200, body);
  return body;
}
