import { createAuthority, type Pair } from '../../../receivers/shared/certificates.ts';

/** A certificate for loopback, and the authority that signed it. */
export async function servingPair(): Promise<{ readonly ca: string; readonly pair: Pair }> {
  const authority = await createAuthority('webhook test');
  const pair = await authority.issue({
    commonName: 'webhook',
    usages: ['server'],
    names: [{ type: 'ip', value: '127.0.0.1' }],
  });
  return { ca: authority.pair.cert, pair };
}
