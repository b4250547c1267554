import assert from 'node:assert/strict';
import type { ApiRequest, AskApi } from '../../../../local/cluster/api-client.ts';
import { createAuthority } from '../../../../receivers/shared/certificates.ts';
import { roadSecretNames } from '../../../../local/cluster/road-secrets.ts';
import { roadRequests, type RoadMember } from '../../../../local/cluster/road.ts';
import { makeSecrets } from '../../../../local/cluster/secrets.ts';

const { signal } = new AbortController();

describe('makeSecrets()', () => {
  let certificates: Map<string, string>;

  beforeEach(async () => {
    const authority = await createAuthority('test');
    const issued = await Promise.all(
      roadSecretNames.map(async ([, name, member]) => {
        const { cert } = await authority.issue(roadRequests[member as RoadMember]);
        return [name, cert] as const;
      }),
    );
    certificates = new Map(issued);
  });

  /** A cluster that has these certificates, and the prober's. */
  function ask(written: string[]): AskApi {
    return ({ method, path }: ApiRequest) => {
      const name = path.split('/').at(-1)?.split('?')[0] ?? '';
      if (method !== 'GET') written.push(name);
      const pem = certificates.get(name);
      const data = pem === undefined ? {} : { 'tls.crt': Buffer.from(pem).toString('base64') };
      return Promise.resolve({ status: 200, body: { data } });
    };
  }

  it('makes nothing where each certificate has the names that are served', async () => {
    const { made } = await makeSecrets({ ask: ask([]), server: '', ca: '', signal }, false);

    assert.deepEqual(made, []);
  });

  it('makes all anew where one lacks a name that is served by now', async () => {
    const authority = await createAuthority('test');
    const [first] = roadRequests.backend.names ?? [];
    assert.ok(first);
    const old = await authority.issue({ ...roadRequests.backend, names: [first] });
    certificates.set('backend-tls', old.cert);
    const written: string[] = [];

    const { made } = await makeSecrets({ ask: ask(written), server: '', ca: '', signal }, false);

    const names = roadSecretNames.map(([namespace, name]) => `${namespace}/${name}`);
    assert.deepEqual(made, names);
    assert.deepEqual(written.toSorted(), roadSecretNames.map(([, name]) => name).toSorted());
  });
});
