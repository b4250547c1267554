import assert from 'node:assert/strict';
import { readmeAt } from '../../support/readme.ts';
import { readYaml } from '../manifests/objects.ts';

interface Service {
  readonly profiles: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
}

const { services } = readYaml('docker-compose.yaml') as {
  services: Readonly<Record<string, Service>>;
};
const rows = readmeAt('docker-compose')
  .table(['profile', 'service', 'what it is', 'on loopback'])
  .map(([profiles = '', name = '', purpose = '', ports = '']) => ({
    profiles: [...profiles.matchAll(/`(\w+)`/g)].map(([, profile]) => profile),
    name: name.replaceAll('`', ''),
    purpose,
    ports: [...new Set([...ports.matchAll(/\b\d{4,5}\b/g)].map(([port]) => port))],
  }));

describe('the table of docker-compose/README.md', () => {
  it('has every service, with its profiles', () => {
    assert.deepEqual(
      Object.fromEntries(rows.map(({ name, profiles }) => [name, profiles])),
      Object.fromEntries(Object.entries(services).map(([name, { profiles }]) => [name, profiles])),
    );
  });

  it('has the ports that they publish, which are the same of both gateways', () => {
    const published = (name: string): string[] =>
      (services[name]?.ports ?? []).map((port) => port.slice(port.lastIndexOf(':') + 1));

    for (const { name, ports } of rows.filter((row) => row.name !== 'gateway-full'))
      assert.deepEqual(ports, published(name), name);
    assert.deepEqual(services['gateway-full']?.ports, services['gateway']?.ports);
  });

  it('says how long each keeps what it has', () => {
    const said = (service: string): string =>
      rows.find(({ name }) => name === service)?.purpose ?? '';
    const { command = [] } = services['prometheus'] ?? {};

    const { overrides } = readYaml('docker-compose/tempo.yaml') as {
      overrides: { defaults: { compaction: { block_retention: string } } };
    };
    const { limits_config: limits } = readYaml('docker-compose/loki.yaml') as {
      limits_config: { retention_period: string };
    };
    const hours = parseInt(overrides.defaults.compaction.block_retention, 10);
    assert.match(said('tempo'), new RegExp(`\\b${hours} hours`));
    // Jaeger's are the same, as another test says.
    assert.match(said('jaeger'), new RegExp(`\\b${hours} hours`));
    assert.match(said('loki'), new RegExp(`\\b${parseInt(limits.retention_period, 10) / 24} days`));
    for (const [flag, unit] of [
      ['time', 'd'],
      ['size', 'GB'],
    ] as const) {
      const set =
        command.find((each) => each.startsWith(`--storage.tsdb.retention.${flag}=`)) ?? '';
      const [, number] = new RegExp(`=(\\d+)${unit}$`).exec(set) ?? [];
      assert.match(said('prometheus'), new RegExp(`\\b${number} ${unit}`), set);
    }
  });
});
