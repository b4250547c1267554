import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigError } from '../../../../../receivers/shared/errors.ts';
import {
  loadKubeConnection,
  traceJoinOf,
} from '../../../../../receivers/shared/kubernetes/config.ts';
import { monitoringCert, plainCert } from '../../support-certificates.ts';

describe('traceJoinOf', () => {
  it('is native for a client certificate of group system:monitoring', () => {
    assert.equal(traceJoinOf(monitoringCert), 'native');
  });

  it('is links for a certificate of another group', () => {
    assert.equal(traceJoinOf(plainCert), 'links');
  });

  it('is links without a certificate', () => {
    assert.equal(traceJoinOf(undefined), 'links');
  });
});

describe('loadKubeConnection', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kube-latency-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function kubeconfig(changes: { server?: string; namespace?: string } = {}): string {
    const file = join(folder, 'config');
    const context = { cluster: 'c', user: 'u', namespace: changes.namespace };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: changes.server ?? 'https://10.0.0.1:6443' } }],
      users: [{ name: 'u', user: { token: 'secret' } }],
      contexts: [{ name: 'main', context }],
      'current-context': 'main',
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  it('reads server, namespace and credentials', async () => {
    const connection = await loadKubeConnection(
      { kubeconfig: kubeconfig({ namespace: 'probes' }) },
      {},
    );
    const credentials = await connection.credentials();

    assert.equal(connection.server.href, 'https://10.0.0.1:6443/');
    assert.equal(connection.contextNamespace, 'probes');
    assert.equal(credentials.headers['Authorization'], 'Bearer secret');
  });

  it('names the contexts there are when the wanted one is missing', async () => {
    await assert.rejects(loadKubeConnection({ kubeconfig: kubeconfig(), context: 'other' }, {}), {
      name: 'ConfigError',
      message: /expected context 'other' among \[main\], found none of that name$/,
    });
  });

  it('refuses a server without TLS', async () => {
    const file = kubeconfig({ server: 'http://10.0.0.1' });

    await assert.rejects(loadKubeConnection({ kubeconfig: file }, {}), {
      message: /expected a server address starting with https:\/\/, got 'http:\/\/10.0.0.1'$/,
    });
  });

  for (const [what, content] of [
    ['is no YAML', 'clusters: [}'],
    ['is empty', ''],
    ['is something else', '"hello"'],
  ] as const) {
    it(`tells in one line of a file that ${what}`, async () => {
      const file = join(folder, 'config');
      writeFileSync(file, content);

      await assert.rejects(loadKubeConnection({ kubeconfig: file }, {}), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.ok(error.message.includes(file) && !error.message.includes('\n'));
        return true;
      });
    });
  }

  it('names a file that is not there', async () => {
    await assert.rejects(loadKubeConnection({ kubeconfig: '/nowhere/config' }, {}), {
      name: 'ConfigError',
      message: /reading kubeconfig \/nowhere\/config: ENOENT/,
    });
  });
});
