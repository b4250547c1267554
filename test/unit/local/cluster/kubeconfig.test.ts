import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';
import { renderKubeconfig } from '../../../../local/cluster/kubeconfig.ts';

describe('renderKubeconfig()', () => {
  it('is read by a Kubernetes client, with server, user, namespace and certificates', () => {
    const config = new KubeConfig();
    config.loadFromString(
      renderKubeconfig({
        server: 'https://10.231.0.1:6443',
        user: 'kube-latency-prober',
        namespace: 'kube-latency',
        ca: 'CA',
        cert: 'CERT',
        key: 'KEY',
      }),
    );

    assert.equal(config.getCurrentCluster()?.server, 'https://10.231.0.1:6443');
    assert.equal(config.getCurrentUser()?.name, 'kube-latency-prober');
    assert.equal(config.getContextObject(config.getCurrentContext())?.namespace, 'kube-latency');
    assert.equal(config.getCurrentCluster()?.caData, Buffer.from('CA').toString('base64'));
    assert.equal(config.getCurrentUser()?.certData, Buffer.from('CERT').toString('base64'));
    assert.equal(config.getCurrentUser()?.keyData, Buffer.from('KEY').toString('base64'));
  });
});
