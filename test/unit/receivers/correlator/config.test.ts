import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configJsonSchema, loadConfig } from '../../../../receivers/correlator/config.ts';
import { parseSize } from '../../../../receivers/correlator/size.ts';
import { ConfigError } from '../../../../receivers/shared/errors.ts';

const env = { K8S_NODE_NAME: 'n1' };

describe('the configuration', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'correlator-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(text: string): string {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, text);
    return path;
  }

  function problem(text: string, environment: NodeJS.ProcessEnv = env): string {
    try {
      loadConfig({ config: file(text) }, environment);
    } catch (caught) {
      assert.ok(caught instanceof ConfigError);
      return caught.message;
    }
    return 'none';
  }

  it('has the agreed ports, and observes nothing, by itself', () => {
    const config = loadConfig({}, env);

    assert.deepEqual(
      [config.listen, config.send, config.health],
      ['127.0.0.1:4327', '127.0.0.1:4337', '127.0.0.1:4328'],
    );
    assert.deepEqual([config.role, config.observed, config.foreign], [['node'], [], []]);
    assert.deepEqual(config.probed, [{ namespaces: ['kube-latency'], labels: { app: 'probe' } }]);
    assert.equal(config.limits.held, 8 * 1024 * 1024);
  });

  it('goes by flags before the environment before the file', () => {
    const path = file(
      'role: [node]\nlisten: 127.0.0.1:1\nsend: 127.0.0.1:2\ntimes: { wait: 1m30s }\n',
    );
    const environment = {
      ...env,
      KUBE_LATENCY_CORRELATOR_LISTEN: '127.0.0.1:3',
      KUBE_LATENCY_CORRELATOR_ROLE: 'node',
    };

    const config = loadConfig({ config: path, role: ['control-plane'] }, environment);

    assert.deepEqual(
      [config.role, config.listen, config.send],
      [['control-plane'], '127.0.0.1:3', '127.0.0.1:2'],
    );
    assert.deepEqual([config.times.wait, config.times.settle], [90_000, 15_000]);
  });

  it('reads both roles from the environment', () => {
    const config = loadConfig({}, { ...env, KUBE_LATENCY_CORRELATOR_ROLE: 'node, control-plane' });

    assert.deepEqual(config.role, ['node', 'control-plane']);
  });

  it('reads from the environment how long a node counts as just booted, beside the other times', () => {
    const after = { ...env, KUBE_LATENCY_CORRELATOR_AFTER_BOOT: '10m' };

    const { times } = loadConfig({ config: file('times: { wait: 1m30s, afterBoot: 1m }') }, after);

    assert.deepEqual([times.afterBoot, times.wait], [600_000, 90_000]);
    assert.equal(loadConfig({}, after).times.afterBoot, 600_000);
    assert.match(problem('times: 5', after), /^times \(line 1\)/);
    assert.match(problem('', { ...env, KUBE_LATENCY_CORRELATOR_AFTER_BOOT: 'long' }), /got 'long'/);
  });

  for (const [text, expected] of [
    ['role: [nod]', /^role\.0 \(line 1\): .*, got "nod"$/],
    ['a: 1\nlisten: 4327', /listen \(line 2\): .*string.*4327/],
    ['typo: 1', /typo/],
    ['times:\n  wait: 5', /^times\.wait \(line 2\): .*string.*, got 5$/],
    ['times: { wait: 5 s }', /expected a duration such as .*got '5 s'/],
    ['times: { batch: 1h }', /expected a duration from 0 ms to 10000 ms, got '1h'/],
    ['limits: { held: 1k }', /expected a size such as .*got '1k'/],
    ['limits: { held: 1KiB }', /expected a size from 1048576 B to .*, got '1KiB'/],
    ['limits: { ids: 1.5 }', /limits\.ids/],
    ['limits: { held: 15MiB }', /limits\.queue: expected no less than .*15728640 B.*got 8388608 B/],
    ['probed: [{ namespace: x }]', /probed\.0.*namespace/],
    ['send: here', /send .*expected host:port, got "here"/],
    ['- a list', /expected keys and values/],
    ['a: b: c', /reading .*config\.yaml/],
  ] as const)
    it(`refuses ${JSON.stringify(text)}, and says where and why`, () =>
      assert.match(problem(text), expected));

  it('names every problem at once', () => {
    assert.equal(problem('role: []\nlisten: x\ntimes: { wait: 1 }').split('; ').length, 3);
  });

  it('refuses the role node without the node’s name, and a file that is not there', () => {
    assert.match(problem('role: [node]', {}), /K8S_NODE_NAME/);
    assert.equal(problem('role: [control-plane]', {}), 'none');
    assert.throws(() => loadConfig({ config: join(folder, 'none.yaml') }, env), ConfigError);
  });

  it('has a JSON Schema that tells each key’s meaning', () => {
    const schema = JSON.stringify(configJsonSchema());

    assert.match(schema, /Default 8MiB/);
    assert.match(schema, /"additionalProperties":false/);
  });
});

describe('parseSize()', () => {
  it('reads bytes and binary multiples, and nothing else', () => {
    for (const [text, bytes] of [
      ['10B', 10],
      ['64KiB', 65_536],
      ['2GiB', 2 ** 31],
    ] as const)
      assert.deepEqual(parseSize(text), { kind: 'ok', bytes });
    for (const text of ['', '10', '10kB', '1.5MiB', '-1B'])
      assert.equal(parseSize(text).kind, 'invalid', text);
  });
});
