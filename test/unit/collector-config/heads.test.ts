import assert from 'node:assert/strict';
import { allFiles, at, components, readText, readYaml, type CollectorConfig } from './load.ts';

const labels = ['Needs', 'Ports', 'Costs'] as const;

/** Bases and layers; the others are for the builder, kubectl and kustomize. */
const configurations = allFiles.filter((file) =>
  /^(agent|gateway|features\/[\w-]+|extra\/(?!builder)[\w-]+)\.yaml$/.test(file),
);

for (const file of allFiles)
  describe(`the head of collector-config/${file}`, () => {
    const head = headOf(file);

    it('says first what the file is for', () => {
      const [purpose = ''] = head.split('\n\n');

      assert.match(purpose, /^[A-Z].{40,}[.:]$/s);
      for (const label of labels) assert.doesNotMatch(purpose, new RegExp(`\\b${label}\\b`));
    });

    it('says then what it needs, which ports it opens and what it costs, in this order', () => {
      const said = head.split('\n').filter((line) => /^(Needs|Ports|Costs)\b/.test(line));

      assert.deepEqual(
        said.map((line) => /^(\w+): \S/.exec(line)?.[1]),
        labels,
      );
      assert.match(head, /(^|\n\n)Needs: (.+\n)+Ports: (.+\n)+Costs: (.+\n)*.+\.(\n\n|$)/);
    });
  });

for (const file of configurations)
  describe(`the head of collector-config/${file}`, () => {
    const head = headOf(file);
    const config = readYaml(file) as CollectorConfig;

    it('names every variable that the file reads, and none that it does not', () => {
      const read = readText(file).slice(readText(file).indexOf('\n\n'));
      const variables = [...read.matchAll(/\$\{env:(\w+)/g)].map(([, name]) => name);
      const told = head
        .split('\n')
        .filter((line) => /^ {2}[A-Z]/.test(line))
        .flatMap((line) => line.trim().split(/ {2,}/)[0]?.split(', ') ?? []);

      assert.deepEqual(new Set(told), new Set(variables));
    });

    it('names every port on which the file listens, or says that there is none', () => {
      const ports = /\nPorts: ((?:.|\n)*?)\nCosts:/.exec(`\n${head}`)?.[1] ?? '';
      const listening = addresses(config);

      assert.equal(/^none\b/.test(ports), listening.length === 0, ports);
      for (const address of listening) assert.ok(ports.includes(address), `${address}: ${ports}`);
    });
  });

for (const file of configurations.filter((each) => each.includes('/')))
  describe(`the head of collector-config/${file}`, () => {
    it('says what it is laid over, by which command, and what this does', () => {
      const [, base, over, layer, verb] =
        /^Laid over (\S+) \(`--config (\S+) --config (\S+)`\) this (\w+)/.exec(headOf(file)) ?? [];

      assert.match(base ?? '', /^(agent|gateway)\.yaml$/);
      assert.deepEqual([over, layer], [base, file]);
      assert.match(verb ?? '', /s$/);
    });
  });

/** The comment that a file begins with. */
function headOf(file: string): string {
  const lines = readText(file).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join('\n');
}

/** Where a file listens, each variable by its name alone: `127.0.0.1:13133`, `TELEMETRY_HOST:8888`. */
function addresses(config: CollectorConfig): string[] {
  const doors = components(config)
    .filter(({ kind }) => kind === 'receivers')
    .flatMap(({ settings }) => Object.values(Object(at(settings, 'protocols'))))
    .map((protocol) => at(protocol, 'endpoint'));
  const extensions = Object.values(config.extensions ?? {}).map((each) => at(each, 'endpoint'));
  const readers = (at(config, 'service', 'telemetry', 'metrics', 'readers') ?? []) as unknown[];
  const pages = readers
    .map((reader) => at(reader, 'pull', 'exporter', 'prometheus'))
    .filter((page) => page !== undefined)
    .map((page) => `${String(at(page, 'host'))}:${String(at(page, 'port'))}`);
  return [...doors, ...extensions, ...pages]
    .filter((address) => typeof address === 'string')
    .map((address) => address.replaceAll(/\$\{env:(\w+)[^}]*\}/g, '$1'));
}
