import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig, settings, type ConfigFlags } from '../../../../receivers/log-tailer/config.ts';
import { flagOptions, usage, withoutBooleans } from '../../../../receivers/log-tailer/flags.ts';

const flagsOf = (...args: string[]): ConfigFlags =>
  parseArgs({ args: withoutBooleans(args), options: flagOptions, allowNegative: true }).values;

const load = (args: string[] = [], env: Record<string, string> = {}) =>
  loadConfig(flagsOf(...args), env);

/** Flag, variable, what they are set to, and where the value is found. */
const cases = [
  ['--cloudwatch-metrics', 'CLOUDWATCH_METRICS', 'true', 'cloudwatch', true],
  ['--prometheus-metrics', 'PROMETHEUS_METRICS', 'true', 'prometheus', true],
  ['--metrics-port', 'METRICS_PORT', '9113', 'port', 9113],
  ['--otel-metrics', 'OTEL_METRICS', 'true', 'otlp.once', true],
  ['--experiment-dimension', 'EXPERIMENT_DIMENSION', 'blue', 'experiment', 'blue'],
  ['--timeout', 'TIMEOUT', '300', 'timeout', 300_000],
  ['--retry-delay', 'RETRY_DELAY', '2', 'retryDelay', 2000],
  [
    '--imds-endpoint',
    'IMDS_ENDPOINT',
    'http://[fd00:ec2::254]',
    'imds.endpoint',
    'http://[fd00:ec2::254]',
  ],
  ['--no-imds', 'NO_IMDS', 'true', 'imds.enabled', false],
  ['--no-kubernetes', 'NO_KUBERNETES', 'true', 'kubernetes', false],
  ['--pod-namespace', 'POD_NAMESPACE', 'web', 'pod.namespace', 'web'],
  ['--node-name', 'NODE_NAME', 'worker-1', 'nodeName', 'worker-1'],
  ['--output', 'OUTPUT', 'json', 'output', 'json'],
  ['--no-comments', 'NO_COMMENTS', 'true', 'comments', false],
  ['--classic', 'CLASSIC', 'true', 'classic', true],
  ['--anchor', 'ANCHOR', 'kubelet_start', 'anchor', 'kubelet_start'],
] as const;

const at = (config: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);

const opposite: Record<string, string> = {
  blue: 'green',
  '9113': '9114',
  '300': '301',
  '2': '3',
  'http://[fd00:ec2::254]': 'http://127.0.0.1:1338',
  web: 'db',
  'worker-1': 'worker-2',
  json: 'markdown',
  kubelet_start: 'vm_initialized',
  true: 'false',
};

describe('the configuration of the log tailer', () => {
  it('has the defaults of node-latency-for-k8s', () => {
    const config = load();

    assert.deepEqual(
      [
        config.cloudwatch,
        config.prometheus,
        config.port,
        config.otlp.once,
        config.experiment,
        config.timeout,
        config.retryDelay,
        config.imds.endpoint,
        config.imds.enabled,
        config.pod.namespace,
        config.nodeName,
        config.output,
        config.comments,
      ],
      [
        false,
        false,
        2112,
        false,
        'none',
        600_000,
        5000,
        'http://169.254.169.254',
        true,
        'default',
        '',
        'markdown',
        true,
      ],
    );
  });

  for (const [flag, variable, text, path, value] of cases) {
    const isSwitch = text === 'true';

    it(`takes ${path} from ${flag} and from ${variable}, the flag before`, () => {
      const args = isSwitch ? [flag] : [flag, text];

      assert.deepEqual(at(load(args), path), value);
      assert.deepEqual(at(load([], { [variable]: text }), path), value);
      assert.deepEqual(at(load(args, { [variable]: opposite[text] ?? '' }), path), value);
    });

    it(`takes ${variable} for unset where it is empty`, () => {
      assert.deepEqual(at(load([], { [variable]: ' ' }), path), at(load(), path));
    });
  }

  it('has a case for each setting', () => {
    assert.deepEqual(
      settings
        .map(({ path }) => path.join('.'))
        .filter((path) => !/^otlp.endpoint|show/.test(path)),
      cases.map(([, , , path]) => path),
    );
  });

  it('tells every flag and variable in its help', () => {
    for (const { flag, env } of settings) {
      assert.match(usage, new RegExp(`--(no-)?${flag}\\b`));
      for (const name of env) assert.ok(usage.includes(name), name);
    }
  });

  for (const [args, path, value] of [
    [['--prometheus-metrics=false'], 'prometheus', false],
    [['--prometheus-metrics=true'], 'prometheus', true],
    [['--no-imds=false'], 'imds.enabled', true],
    [['--no-comments=true'], 'comments', false],
    [['--timeout', '90s'], 'timeout', 90_000],
    [['--timeout=0'], 'timeout', 0],
  ] as const)
    it(`reads ${args.join(' ')}`, () => {
      assert.equal(at(load([...args]), path), value);
    });

  for (const text of ['1', 't', 'T', 'TRUE', 'True'])
    it(`takes NO_IMDS=${text} for true`, () => {
      assert.equal(load([], { NO_IMDS: text }).imds.enabled, false);
    });

  for (const [what, args, env, says] of [
    [
      'a port that is none',
      [],
      { METRICS_PORT: 'http' },
      /^port \(METRICS_PORT\): .*expected number.*, got "http"$/,
    ],
    [
      'a boolean that is none',
      [],
      { NO_IMDS: 'yes' },
      /^imds.enabled \(NO_IMDS\): .*boolean.*got "yes"$/,
    ],
    [
      'an unknown output',
      ['--output', 'html'],
      {},
      /^output \(--output\): .*"markdown"\|"json".*got "html"$/,
    ],
    [
      'a time without sense',
      ['--timeout', 'soon'],
      {},
      /^timeout \(--timeout\): expected a duration such as/,
    ],
    [
      'an endpoint that is no address',
      ['--imds-endpoint', '169.254.169.254'],
      {},
      /^imds.endpoint \(--imds-endpoint\): expected an address starting with http/,
    ],
    [
      'several at once',
      ['--metrics-port', '99999'],
      { TIMEOUT: '-1' },
      /^port \(--metrics-port\): .*; timeout \(TIMEOUT\): /,
    ],
  ] as const)
    it(`says in one line that it got ${what}, and from where`, () => {
      assert.throws(() => load([...args], env), { name: 'ConfigError', message: says });
    });

  it('is read from a file, whose lines it names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-config-'));
    try {
      const path = join(folder, 'log-tailer.yaml');
      await writeFile(path, 'pod:\n  namespace: ""\nimds:\n  timeout: 2s\noutput: json\n');
      const config = load(['--config', path], { OUTPUT: 'markdown' });
      assert.deepEqual(
        [config.pod.namespace, config.imds.timeout, config.output, config.imds.enabled],
        ['', 2000, 'markdown', true],
      );

      await writeFile(path, 'pod:\n  nmespace: ""\nport: x\n');
      assert.throws(() => load(['--config', path]), {
        message: /^port \(line 3\): .*; pod \(line 2\): .*nmespace/,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
