import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import {
  carryOut,
  factsOf,
  type CertificateSet,
  type ServerName,
} from '../../../../operator/certificates/certificate-set.ts';
import { servingLifeMs } from '../../../../operator/certificates/plan.ts';
import { readServed, readSet, secretData } from '../../../../operator/certificates/secret.ts';

const names: readonly ServerName[] = [
  { type: 'dns', value: 'webhook.operator.svc' },
  { type: 'ip', value: '127.0.0.1' },
];
const nowMs = 1_800_000_000_000;

async function twoAuthorities(): Promise<CertificateSet> {
  const one = await carryOut({ kind: 'begin' }, undefined, { names, nowMs });
  return carryOut({ kind: 'add-authority' }, one, { names, nowMs: nowMs + 1000 });
}

describe('a set of certificates', () => {
  it('is told apart by who signed and when', async () => {
    const set = await twoAuthorities();

    const { authorities, serving } = factsOf(set, names) ?? {};

    assert.equal(authorities?.[1]?.madeMs, nowMs + 1000);
    assert.deepEqual(serving, {
      madeMs: nowMs,
      endsMs: nowMs + servingLifeMs,
      signedBy: 0,
      fits: true,
    });
  });

  it('has a certificate signed by the authority of the step', async () => {
    const set = await twoAuthorities();

    const next = await carryOut({ kind: 'issue', by: 1 }, set, { names, nowMs: nowMs + 2000 });

    assert.equal(factsOf(next, names)?.serving.signedBy, 1);
    const left = await carryOut({ kind: 'drop', count: 1 }, next, { names, nowMs });
    assert.deepEqual([left.authorities.length, factsOf(left, names)?.serving.signedBy], [1, 0]);
  });

  it('does not fit where the webhook is called otherwise', async () => {
    const other = [{ type: 'dns', value: 'webhook.other.svc' }] as const;

    assert.equal(factsOf(await twoAuthorities(), other)?.serving.fits, false);
  });

  it('is none where a key is of another certificate', async () => {
    const set = await twoAuthorities();
    const [first, second] = set.authorities;
    assert.ok(first && second);
    const mixed = [{ cert: first.cert, key: second.key }, second];

    assert.equal(factsOf({ ...set, authorities: mixed }, names), undefined);
  });

  it('is read from a Secret as it was written', async () => {
    const set = await twoAuthorities();

    const secret = { metadata: { resourceVersion: '1' }, data: secretData(set) };

    assert.deepEqual(readSet(secret)?.authorities.length, 2);
    assert.deepEqual(factsOf(readSet(secret) ?? set, names), factsOf(set, names));
    const served = readServed(secret);
    assert.deepEqual(served?.pair, set.serving);
    assert.equal(
      new X509Certificate(served.caBundle).subject,
      new X509Certificate(set.authorities[0]?.cert ?? '').subject,
    );
  });

  it('is served, though it is not ours to renew, where its authority’s key is not there', async () => {
    const set = await twoAuthorities();
    const { 'ca.key': _, ...data } = secretData(set);
    const secret = { metadata: { resourceVersion: '1' }, data };

    assert.deepEqual(readServed(secret)?.pair, set.serving);
    assert.equal(readSet(secret), undefined);
  });

  for (const [title, data] of [
    ['nothing', undefined],
    ['no certificate', { 'tls.key': '', 'ca.crt': '' }],
    ['no base64', { 'tls.crt': '%', 'tls.key': '', 'ca.crt': '' }],
  ] as const)
    it(`is none in a Secret with ${title}`, () => {
      assert.equal(readServed({ metadata: { resourceVersion: '1' }, data }), undefined);
    });
});
