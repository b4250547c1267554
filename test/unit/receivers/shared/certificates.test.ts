import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { createServer, connect } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  createAuthority,
  createSigningRequest,
  createTokenKeys,
  readAuthority,
} from '../../../../receivers/shared/certificates.ts';

describe('createAuthority()', () => {
  it('issues certificates that verify against it, with subject, names and usages', async () => {
    const authority = await createAuthority('test');
    const pair = await authority.issue({
      commonName: 'system:node:one',
      organisation: 'system:nodes',
      usages: ['client'],
      names: [{ type: 'ip', value: '10.231.0.2' }],
    });

    const certificate = new X509Certificate(pair.cert);
    const ca = new X509Certificate(authority.pair.cert);

    assert.ok(ca.ca);
    assert.ok(certificate.checkIssued(ca));
    assert.ok(certificate.verify(ca.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(pair.key)));
    assert.equal(certificate.subject, 'O=system:nodes\nCN=system:node:one');
    assert.equal(certificate.checkIP('10.231.0.2'), '10.231.0.2');
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2']);
    assert.ok(!certificate.ca);
  });

  it('is good enough for TLS that asks both sides for certificates', async () => {
    const authority = await createAuthority('test');
    const usages = ['server', 'client'] as const;
    const names = [{ type: 'ip', value: '127.0.0.1' }] as const;
    const { cert, key } = await authority.issue({ commonName: 'both', usages, names });
    const ca = authority.pair.cert;
    const server = createServer({ ca, cert, key, requestCert: true }, (socket) => socket.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');

    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port, ca, cert, key });
    try {
      await once(socket, 'secureConnect');
      assert.ok(socket.authorized);
    } finally {
      socket.destroy();
      server.close();
    }
  });
});

describe('readAuthority()', () => {
  it('issues as the authority did that it was read from, for as long as it is told', async () => {
    const made = await createAuthority('test');
    const validity = { notBefore: new Date(1000), notAfter: new Date(5000) };

    const authority = readAuthority(made.pair);
    const pair = await authority.issue({ commonName: 'a', usages: ['server'], validity });

    const ca = new X509Certificate(made.pair.cert);
    const certificate = new X509Certificate(pair.cert);
    assert.ok(certificate.verify(ca.publicKey));
    assert.ok(certificate.checkIssued(ca));
    assert.deepEqual(certificate.validFromDate, validity.notBefore);
    assert.deepEqual(certificate.validToDate, validity.notAfter);
  });
});

describe('createSigningRequest()', () => {
  it('makes a request and its key, as PEM', async () => {
    const { request, key } = await createSigningRequest('kube-latency-prober', 'system:monitoring');

    assert.match(request, /^-----BEGIN CERTIFICATE REQUEST-----\n/);
    assert.equal(createPrivateKey(key).asymmetricKeyType, 'ec');
    const names = Buffer.from(request.replaceAll(/-----.*-----|\s/g, ''), 'base64').toString(
      'latin1',
    );
    assert.ok(names.includes('kube-latency-prober'));
    assert.ok(names.includes('system:monitoring'));
  });
});

describe('createTokenKeys()', () => {
  it('makes two halves of one key', async () => {
    const { publicKey, privateKey } = await createTokenKeys();

    assert.equal(
      createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
      publicKey,
    );
  });
});
