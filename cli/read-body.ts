import { readBounded } from '../receivers/shared/read-bounded.ts';

/** The text of an answer. Rejects where it is longer than `maxBytes`. */
export async function readBody(response: Response, maxBytes: number): Promise<string> {
  const body = await readBounded(response.body ?? [], maxBytes);
  if (body === undefined) throw new Error(`the answer is longer than ${maxBytes} bytes`);
  return body.toString('utf8');
}
