import assert from 'node:assert/strict';
import { checkKubelets } from '../../../../../cli/doctor/checks/kubelet.ts';
import { checkRuntimes } from '../../../../../cli/doctor/checks/runtime.ts';
import {
  hidden,
  seen,
  type KubeletFacts,
  type NodeFacts,
} from '../../../../../cli/doctor/facts.ts';
import { arrivals, facts, findingOf, nodeFacts } from '../facts.ts';

function withNode(changes: Partial<NodeFacts>) {
  return { nodes: seen([nodeFacts(changes)]) };
}

function kubelet(changes: Partial<KubeletFacts>) {
  return withNode({ kubelet: seen({ tracing: null, featureGates: {}, ...changes }) });
}

describe('checkKubelets', () => {
  it('says how to turn it on, and asks for no spans of one that is off', () => {
    const findings = checkKubelets(facts(kubelet({ tracing: null })));

    const { level, node, fix } = findingOf(findings, 'tracing');
    assert.equal(level, 'problem');
    assert.equal(node, 'worker');
    assert.match(fix ?? '', /\/var\/lib\/kubelet\/config\.yaml[^]*samplingRatePerMillion: 1000000/);
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['version', 'tracing'],
    );
  });

  const samplings = [
    { rate: null, level: 'problem' },
    { rate: 0, level: 'problem' },
    { rate: 10_000, level: 'warning' },
    { rate: 1_000_000, level: 'ok' },
  ];
  for (const { rate, level } of samplings) {
    it(`judges a sampling of ${rate}: ${level}`, () => {
      const tracing = { endpoint: '127.0.0.1:4317', samplingRatePerMillion: rate };

      const findings = checkKubelets(facts(kubelet({ tracing })));

      assert.equal(findingOf(findings, 'sampling').level, level);
    });
  }

  const versions = [
    { version: 'v1.24.0', gates: {}, level: 'problem' },
    { version: 'v1.26.0', gates: {}, level: 'warning' },
    { version: 'v1.30.0', gates: { KubeletTracing: false }, level: 'problem' },
    { version: 'v1.33.0', gates: {}, level: 'warning' },
    { version: 'v1.34.0', gates: {}, level: 'ok' },
    { version: 'v1.36.0', gates: { KubeletTracing: true }, level: 'warning' },
  ];
  for (const { version, gates, level } of versions) {
    it(`judges ${version} with gates ${JSON.stringify(gates)}: ${level}`, () => {
      const node = withNode({
        kubeletVersion: version,
        kubelet: seen({ tracing: null, featureGates: gates }),
      });

      assert.equal(findingOf(checkKubelets(facts(node)), 'version').level, level);
    });
  }

  describe('whose configuration may not be seen', () => {
    const forbidden = withNode({ kubelet: hidden('nodes "worker" is forbidden') });

    it('takes spans that arrive as proof', () => {
      const findings = checkKubelets(facts(forbidden));

      assert.equal(findingOf(findings, 'tracing').found, 'on: its spans arrive');
    });

    it('guesses nothing from spans that do not', () => {
      const none = arrivals({ 'kubelet on worker': null });

      const findings = checkKubelets(facts({ ...forbidden, arrivals: none }));

      assert.equal(findingOf(findings, 'tracing').level, 'unknown');
      assert.equal(findingOf(findings, 'spans').level, 'unknown');
    });
  });

  it('misses spans of one that traces, while those of others come', () => {
    const none = arrivals({ 'kubelet on worker': null });

    assert.equal(findingOf(checkKubelets(facts({ arrivals: none })), 'spans').level, 'problem');
  });

  it('misses none while nothing comes from anybody', () => {
    const ages = [...new Map(Object.entries(allNull()))];
    const silence = arrivals(Object.fromEntries(ages));

    assert.equal(findingOf(checkKubelets(facts({ arrivals: silence })), 'spans').level, 'unknown');
  });
});

function allNull(): Record<string, null> {
  const known = arrivals();
  assert.equal(known.kind, 'seen');
  return Object.fromEntries(
    known.kind === 'seen' ? [...known.value.ages.keys()].map((key) => [key, null]) : [],
  );
}

describe('checkRuntimes', () => {
  const versions = [
    { runtime: 'containerd://1.5.11', level: 'problem' },
    { runtime: 'containerd://1.6.20~ds1', level: 'problem' },
    { runtime: 'containerd://1.6.39', level: 'warning' },
    { runtime: 'containerd://1.7.34', level: 'warning' },
    { runtime: 'containerd://2.4.2+unknown', level: 'ok' },
    { runtime: 'cri-o://1.36.3', level: 'ok' },
    { runtime: 'docker://27.0.1', level: 'warning' },
  ];
  for (const { runtime, level } of versions) {
    it(`judges ${runtime}: ${level}`, () => {
      const findings = checkRuntimes(facts(withNode({ runtimeVersion: runtime })));

      assert.equal(findingOf(findings, 'version').level, level);
    });
  }

  it('says that it is missing where the kubelet of the node is not', () => {
    const changes = {
      ...withNode({ runtimeEnvironment: hidden('its settings are on node worker') }),
      arrivals: arrivals({ 'containerd on worker': null }),
    };

    const findings = checkRuntimes(facts(changes));

    const spans = findingOf(findings, 'spans');
    assert.equal(spans.level, 'problem');
    assert.match(spans.found, /although the kubelet's do arrive/);
    assert.match(spans.fix ?? '', /containerd\.service\.d\/10-otel\.conf/);
    assert.equal(findingOf(findings, 'tracing').level, 'unknown');
  });

  it('blames none where the kubelet’s are missing too', () => {
    const none = arrivals({ 'containerd on worker': null, 'kubelet on worker': null });

    assert.equal(findingOf(checkRuntimes(facts({ arrivals: none })), 'spans').level, 'unknown');
  });

  it('gives CRI-O its own settings', () => {
    const changes = {
      ...withNode({
        runtimeVersion: 'cri-o://1.36.3',
        runtimeEnvironment: hidden('its settings are on node worker'),
      }),
      arrivals: arrivals({ 'crio on worker': null }),
    };

    const { fix } = findingOf(checkRuntimes(facts(changes)), 'tracing');

    assert.match(fix ?? '', /\[crio\.tracing\]/);
  });

  const grpc = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  };
  const environments = [
    { name: 'no endpoint', env: {}, check: 'tracing', level: 'problem' },
    {
      name: 'the SDK disabled',
      env: { ...grpc, OTEL_SDK_DISABLED: 'true' },
      check: 'tracing',
      level: 'problem',
    },
    {
      name: 'the port of the other protocol',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317' },
      check: 'endpoint',
      level: 'problem',
    },
    {
      name: 'TLS',
      env: { ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:4317' },
      check: 'endpoint',
      level: 'problem',
    },
    { name: 'the default sampler', env: grpc, check: 'sampling', level: 'warning' },
  ];
  for (const { name, env, check, level } of environments) {
    it(`judges an environment with ${name}: ${level}`, () => {
      const findings = checkRuntimes(facts(withNode({ runtimeEnvironment: seen(env) })));

      assert.equal(findingOf(findings, check).level, level);
    });
  }
});
