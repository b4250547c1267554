import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { statusMessage } from '../../receivers/shared/kubernetes/client.ts';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { networkProber, sampleYaml } from '../support/network-probers.ts';

const collection = '/apis/probes.bigmikes.io/v1alpha1/namespaces/default/networkprobers';

type Spec = Readonly<Record<string, unknown>>;

const accepted: Readonly<Record<string, Spec>> = {
  'ports at their bounds': { httpPort: '1', httpPrometheusPort: '65535' },
  'the shortest period': { pollingPeriod: '10ms' },
  'the longest period': { pollingPeriod: '1h' },
  'a period of several units': { pollingPeriod: '1m30s' },
  'a period with a fraction': { pollingPeriod: '+1.5s' },
  'fields that have defaults, left out': {
    httpPort: undefined,
    pollingPeriod: undefined,
    httpPrometheusPort: undefined,
  },
  'expressions of each operator': {
    podSelector: {
      matchExpressions: [
        { key: 'app', operator: 'In', values: ['a', 'b'] },
        { key: 'example.com/tier', operator: 'NotIn', values: ['', 'test'] },
        { key: 'app', operator: 'Exists' },
        { key: 'legacy', operator: 'DoesNotExist', values: [] },
      ],
    },
  },
  'an empty selector that is confirmed': { podSelector: {}, selectAllPods: true },
  'an image with registry, port, tag and digest': {
    agentImage: `registry.example.com:5000/team/agent:1.0.0@sha256:${'0'.repeat(64)}`,
  },
  'an image of our own': { agentImage: 'localhost/kube-latency/kube-latency:0.1.0' },
  'everything that is optional': {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
    mode: 'daemonset',
    protocols: ['icmp', 'udp'],
    topology: { maxPeers: 20_000, maxPeersPerNode: 1 },
  },
};

/** What is wrong, and what the API server says to it: field, rule and value. */
const refused: Readonly<Record<string, readonly [Spec, RegExp]>> = {
  'port 0': [
    { httpPort: '0' },
    /spec\.httpPort: .*expected a port from 1 to 65535 as text, got '0'/,
  ],
  'a port that is too high': [{ httpPort: '65536' }, /spec\.httpPort: .*got '65536'/],
  'a port that is text': [
    { httpPrometheusPort: 'metrics' },
    /spec\.httpPrometheusPort: .*expected a port from 1 to 65535 as text, got 'metrics'/,
  ],
  'an empty port': [{ httpPort: '' }, /spec\.httpPort: .*got ''/],
  'a port that is a number': [{ httpPort: 9090 }, /spec\.httpPort: .*type string/],
  'one port for both': [
    { httpPort: '1222' },
    /spec\.httpPrometheusPort: .*expected another port than httpPort, got '1222' for both/,
  ],
  'a duration without a unit': [
    { pollingPeriod: '10' },
    /spec\.pollingPeriod: .*expected a duration from 10ms to 1h .*got '10'/,
  ],
  'a duration that is none': [{ pollingPeriod: 'soon' }, /spec\.pollingPeriod: .*got 'soon'/],
  'a duration of 0': [{ pollingPeriod: '0s' }, /spec\.pollingPeriod: .*got '0s'/],
  'a negative duration': [{ pollingPeriod: '-10s' }, /spec\.pollingPeriod: .*got '-10s'/],
  'too long a duration': [{ pollingPeriod: '61m' }, /spec\.pollingPeriod: .*got '61m'/],
  'a duration beyond all bounds': [
    { pollingPeriod: '9999999999999999999h' },
    /spec\.pollingPeriod: .*9999999999999999999h/,
  ],
  'an empty selector': [
    { podSelector: {} },
    /spec\.podSelector: .*empty selector selects every pod.*expected matchLabels, matchExpressions, or selectAllPods: true, got \{\}/,
  ],
  'an empty selector in two parts': [
    { podSelector: { matchLabels: {}, matchExpressions: [] } },
    /spec\.podSelector: .*selectAllPods/,
  ],
  'no selector': [{ podSelector: undefined }, /spec\.podSelector: Required value/],
  'no image': [{ agentImage: undefined }, /spec\.agentImage: Required value/],
  'an empty image': [
    { agentImage: '' },
    /spec\.agentImage: .*expected an image such as registry\.example\.com\/agent:1\.0\.0, got ''/,
  ],
  'an image with a space': [{ agentImage: 'a b' }, /spec\.agentImage: .*got 'a b'/],
  'an image in capitals': [{ agentImage: 'Agent' }, /spec\.agentImage: .*got 'Agent'/],
  'a label that is none': [
    { podSelector: { matchLabels: { 'a b': 'c' } } },
    /spec\.podSelector\.matchLabels: .*expected keys such as app or example\.com\/app/,
  ],
  'a value of a label that is none': [
    { podSelector: { matchLabels: { app: 'a b' } } },
    /spec\.podSelector\.matchLabels\.app: Invalid value: "a b"/,
  ],
  'In without values': [
    { podSelector: { matchExpressions: [{ key: 'app', operator: 'In' }] } },
    /matchExpressions\[0\]\.values: .*expected one value at least with operator In, got none/,
  ],
  'Exists with values': [
    { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] } },
    /matchExpressions\[0\]\.values: .*expected no values with operator Exists/,
  ],
  'an operator that is none': [
    { podSelector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['a'] }] } },
    /matchExpressions\[0\]\.operator: Unsupported value: "Like"/,
  ],
  'an expression with a key that is none': [
    { namespaceSelector: { matchExpressions: [{ key: '/app', operator: 'Exists' }] } },
    /spec\.namespaceSelector\.matchExpressions\[0\]\.key: .*expected a label .* got '\/app'/,
  ],
  'a mode that is none': [{ mode: 'always' }, /spec\.mode: Unsupported value: "always"/],
  'a protocol that is none': [{ protocols: ['quic'] }, /spec\.protocols\[0\]: Unsupported value/],
  'a protocol twice': [{ protocols: ['icmp', 'icmp'] }, /spec\.protocols\[1\]: Duplicate value/],
  'no protocol': [{ protocols: [] }, /spec\.protocols: .*at least 1/],
  'no peers': [
    { topology: { maxPeers: 0 } },
    /spec\.topology\.maxPeers: .*greater than or equal to 1/,
  ],
};

describe('the definition of NetworkProber, at a real API server', function () {
  this.timeout(120_000);
  let api: ApiServer;

  before(async () => {
    api = await startApiServer();
    await api.kubectl(['apply', '--kustomize=manifests/crd']);
    await api.kubectl([
      'wait',
      '--for=condition=Established',
      '--all',
      'customresourcedefinitions',
    ]);
  });
  after(() => api?.stop());

  it('takes the sample of the network prober operator unchanged, and gives it back with every field as it was', async () => {
    const file = join(api.folder, 'sample.yaml');
    await writeFile(file, sampleYaml);

    const first = await api.tryKubectl(['apply', `--filename=${file}`]);
    const again = await api.kubectl(['apply', `--filename=${file}`]);
    const stored = JSON.parse(
      await api.kubectl(['get', 'networkprober/networkprober-sample', '--output=json']),
    ) as { spec: object };

    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.stderr, '');
    assert.match(again, /unchanged/);
    assert.deepEqual(stored.spec, { ...networkProber().spec, mode: 'auto' });
  });

  it('takes the sample of manifests', async () => {
    const { code, stderr } = await api.tryKubectl([
      'apply',
      '--filename=manifests/operator/sample',
    ]);

    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
  });

  for (const [what, spec] of Object.entries(accepted))
    it(`takes ${what}`, async () => {
      const { code, stderr } = await api.apply(networkProber({ name: 'accepted', spec }));

      assert.equal(code, 0, stderr);
    });

  for (const [what, [spec, said]] of Object.entries(refused))
    it(`refuses ${what}, and says field, rule and value`, async () => {
      const object = networkProber({ name: 'refused', spec });
      const answer = await api.client.request(
        { verb: 'create', path: collection, body: object },
        { timeoutMs: 10_000 },
      );

      assert.ok(answer.kind === 'answer');
      assert.equal(answer.status, 422);
      assert.match(statusMessage(answer.body) ?? '', said);
    });

  it('gives what is left out its default', async () => {
    const spec = { httpPort: undefined, pollingPeriod: undefined, httpPrometheusPort: undefined };
    await api.apply(networkProber({ name: 'defaults', spec }));

    const path = '{.spec.httpPort} {.spec.pollingPeriod} {.spec.httpPrometheusPort} {.spec.mode}';
    assert.equal(
      await api.kubectl(['get', 'npr/defaults', `--output=jsonpath=${path}`]),
      '8080 10s 2112 auto',
    );
  });

  it('is read by its short name, with columns that tell what it does', async () => {
    const [head = ''] = (await api.kubectl(['get', 'npr', '--output=wide'])).split('\n');

    const columns = 'NAME READY DEGRADED SELECTED MEASURED MISSED MODE PERIOD IMAGE AGE';
    assert.equal(head.trim().replaceAll(/ +/g, ' '), columns);
  });

  it('explains every field', async () => {
    const text = await api.kubectl(['explain', 'networkprober', '--recursive']);
    const fields = text.split('\n').filter((line) => /^ {2}(spec|status)/.test(line));
    const spec = await api.kubectl(['explain', 'networkprober.spec']);
    const status = await api.kubectl(['explain', 'networkprober.status']);

    assert.equal(fields.length, 2);
    for (const each of [spec, status]) assert.doesNotMatch(each, /<no description>/);
    assert.match(spec, /pollingPeriod\s+<string>\n\s+How often each agent asks each peer/);
  });

  it('takes a status of the one field that there was', async () => {
    await api.apply(networkProber({ name: 'classic' }));
    const patch = JSON.stringify({ status: { pods: ['a'] } });
    const args = ['patch', 'npr/classic', '--subresource=status', '--type=merge'];

    const { code, stderr } = await api.tryKubectl([...args, `--patch=${patch}`]);

    assert.equal(code, 0, stderr);
  });
});
