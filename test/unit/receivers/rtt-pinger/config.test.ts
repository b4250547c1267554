import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from '../../../../receivers/rtt-pinger/config.ts';

describe('loadConfig of the pinger', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function load(yaml: string, env: NodeJS.ProcessEnv = {}) {
    const config = join(folder, 'config.yaml');
    await writeFile(config, yaml);
    return loadConfig({ config }, env);
  }

  it('takes flags before the environment before the file before defaults', async () => {
    const file = join(folder, 'order.yaml');
    await writeFile(file, 'interval: 9s\ntimeout: 2s\nports: {ping: 1, metrics: 2}\n');
    const env = { SLEEP: '5', HTTP_PORT: '8081' };
    const config = loadConfig({ config: file, interval: '250ms' }, env);

    assert.equal(config.interval, 250);
    assert.equal(config.timeout, 2000);
    assert.deepEqual([config.ports.ping, config.ports.metrics, config.ports.udp], [8081, 2, 8862]);
    assert.equal(loadConfig({ config: file }, env).interval, 5000);
    assert.equal(loadConfig({ config: file }, {}).interval, 9000);
  });

  it('takes the variables of the agents whose place it takes', () => {
    const config = loadConfig(
      {},
      {
        HTTP_PORT: '8081',
        HTTP_PROMETHEUS_PORT: '2113',
        NET_PROBER_CONFIG_FILE: '/etc/netprober/config.json',
        TIME: '7',
      },
    );

    assert.deepEqual(
      [config.ports.ping, config.ports.metrics, config.peers.file, config.interval],
      [8081, 2113, '/etc/netprober/config.json', 7000],
    );
  });

  for (const [title, yaml, problem] of [
    ['an interval of 0', 'interval: 0s', /interval \(line 1\): expected a duration from 10 ms/],
    ['a negative interval', 'interval: -1s', /interval \(line 1\): expected a duration/],
    ['a huge interval', 'interval: 400h', /interval/],
    ['a bare number', 'interval: 5', /interval/],
    ['an unknown key', '\nintervall: 1s', /intervall/],
    ['a bad address', 'peers: {static: [{name: a, address: worker}]}', /expected an IP address/],
    [
      'an address that is one on a link alone',
      'peers: {static: [{name: a, address: "fe80::1%eth0"}]}',
      /without a zone/,
    ],
    [
      'one name twice',
      'peers: {static: [{name: a, address: 192.0.2.1}, {name: a, address: 192.0.2.2}]}',
      /each name once, got 'a'/,
    ],
    ['an unknown protocol', 'protocols: [icmp, sctp]', /protocols/],
    ['no protocol', 'protocols: []', /protocols/],
    ['a budget that is too small for the pinger itself', 'budget: {series: 42}', /budget.series/],
    ['a port out of range', 'ports: {metrics: 70000}', /ports.metrics/],
    ['YAML that is broken', 'ports: {', /reading/],
  ] as const)
    it(`refuses ${title} with one line`, async () => {
      await assert.rejects(load(yaml), (error: Error) => {
        assert.equal(error.name, 'ConfigError');
        assert.match(error.message, problem);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });

  it('probes by HTTP, too, with the network prober’s file, unless it is told what to probe by', async () => {
    const env = { NET_PROBER_CONFIG_FILE: '/etc/netprober/config.json' };

    assert.deepEqual(loadConfig({}, {}).protocols, ['icmp']);
    assert.deepEqual(loadConfig({}, env).protocols, ['icmp', 'http']);
    assert.deepEqual(loadConfig({ 'peers-file': 'a.json' }, {}).protocols, ['icmp', 'http']);
    assert.deepEqual(loadConfig({ protocol: ['tcp'] }, env).protocols, ['tcp']);
    assert.deepEqual((await load('protocols: [udp]', env)).protocols, ['udp']);
  });

  it('takes protocols and further files from the environment, with commas between them', () => {
    const config = loadConfig(
      {},
      {
        NET_PROBER_CONFIG_FILE: '/etc/netprober/config.json',
        KUBE_LATENCY_PEERS_FILES: '/etc/netprober/config-2.json,/etc/netprober/config-3.json',
        KUBE_LATENCY_PROTOCOLS: 'icmp, tcp',
      },
    );

    assert.deepEqual(config.protocols, ['icmp', 'tcp']);
    assert.deepEqual(config.peers.moreFiles, [
      '/etc/netprober/config-2.json',
      '/etc/netprober/config-3.json',
    ]);
    assert.throws(() => loadConfig({}, { KUBE_LATENCY_PROTOCOLS: 'quic' }), /protocols/);
  });

  it('takes zone and rack of the node from the environment', () => {
    const config = loadConfig({}, { KUBE_LATENCY_ZONE: 'a', KUBE_LATENCY_RACK: 'r7' });

    assert.deepEqual([config.zone, config.rack], ['a', 'r7']);
  });

  it('has a budget of 200 series and 20 probes a second, which the plan follows', () => {
    const { budget, mesh } = loadConfig({}, {});

    assert.deepEqual(budget, { series: 200, probesPerSecond: 20 });
    assert.deepEqual(mesh, { full: 200, rackLabel: '' });
  });

  it('refuses a variable that is no number, by its key', () => {
    assert.throws(() => loadConfig({}, { HTTP_PORT: 'eighty' }), /ports.ping.*eighty/);
  });
});
