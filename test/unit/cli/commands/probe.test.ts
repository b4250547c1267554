import assert from 'node:assert/strict';
import { Command } from 'commander';
import { withTarget } from '../../../../cli/commands/probe.ts';
import {
  addProbeOptions,
  probeConfig,
  type ProbeConfig,
} from '../../../../receivers/pod-prober/config.ts';

const target = {
  kubeconfig: '/state/prober.kubeconfig',
  namespace: 'kube-latency',
  image: 'our-pause',
  collectorEndpoint: 'http://127.0.0.1:4317',
};

describe('withTarget', () => {
  it('fills in what the cluster knows', () => {
    const config = withTarget(configOf([]), target, {});

    assert.equal(config.kubeconfig, '/state/prober.kubeconfig');
    assert.equal(config.namespace, 'kube-latency');
    assert.equal(config.pod.image, 'our-pause');
    assert.equal(config.otlpEndpoint, 'http://127.0.0.1:4317');
  });

  it('changes nothing where the target knows nothing', () => {
    const config = configOf(['--namespace', 'mine', '--kubeconfig', '/my/config']);

    assert.deepEqual(withTarget(config, {}, {}), config);
  });

  it('drops the context of a kubeconfig that it replaces', () => {
    const config = configOf(['--kubeconfig', '/my/config', '--context', 'admin']);

    assert.equal(withTarget(config, target, {}).context, undefined);
    assert.equal(withTarget(config, { image: 'our-pause' }, {}).context, 'admin');
  });

  it('keeps the namespace that the user names', () => {
    assert.equal(withTarget(configOf(['--namespace', 'mine']), target, {}).namespace, 'mine');
  });

  const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  for (const name of variables) {
    it(`leaves the collector to ${name}`, () => {
      const env = { [name]: 'http://collector:4317' };

      assert.equal(withTarget(configOf([]), target, env).otlpEndpoint, undefined);
      assert.equal(
        withTarget(configOf([]), target, { [name]: '' }).otlpEndpoint,
        'http://127.0.0.1:4317',
      );
    });
  }
});

function configOf(args: readonly string[]): ProbeConfig {
  const command = addProbeOptions(new Command()).parse(args, { from: 'user' });
  return probeConfig(command.opts(), {});
}
