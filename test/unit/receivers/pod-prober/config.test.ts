import assert from 'node:assert/strict';

import { Command, CommanderError } from 'commander';

import {
  addProbeOptions,
  mountedNamespace,
  probeConfig,
  type ProbeConfig,
  type ProbeOptions,
} from '../../../../receivers/pod-prober/config.ts';

interface Parsed {
  readonly config: ProbeConfig;
  readonly errors: string;
}

function parse(args: readonly string[], env: NodeJS.ProcessEnv = {}): Parsed {
  let errors = '';
  const command = addProbeOptions(new Command('probe'))
    .exitOverride()
    .configureOutput({ writeErr: (text) => (errors += text) });
  try {
    command.parse([...args], { from: 'user' });
  } catch (caught) {
    assert.ok(caught instanceof CommanderError);
    throw Object.assign(caught, { written: errors });
  }
  return { config: probeConfig(command.opts<ProbeOptions>(), env), errors };
}

describe('probeConfig', () => {
  it('has a default for everything', () => {
    const { config } = parse([]);

    assert.deepEqual(config, {
      count: 1,
      concurrency: 1,
      intervalMs: null,
      failOver: [],
      timeoutMs: 300_000,
      flushTimeoutMs: 5000,
      pod: {
        image: 'registry.k8s.io/pause:3.10.1',
        command: [],
        node: undefined,
        resources: { cpu: '10m', memory: '16Mi' },
        annotationKey: 'tracing.k8s.io/traceparent',
      },
      firstPacket: 'tcp',
      port: 8080,
      namespace: undefined,
      kubeconfig: undefined,
      context: undefined,
      requireExport: false,
      otlpEndpoint: undefined,
      output: 'text',
    });
    assert.ok(Object.isFrozen(config));
  });

  it('collects repeated limits', () => {
    const { config } = parse(['--fail-over', 'wait=5s', '--fail-over', 'first-packet=250ms']);

    assert.deepEqual(config.failOver, [
      { phase: 'wait', limitMs: 5000 },
      { phase: 'first-packet', limitMs: 250 },
    ]);
  });

  it('splits a command at its spaces', () => {
    assert.deepEqual(parse(['--command', 'sleep  60']).config.pod.command, ['sleep', '60']);
  });

  it('takes the namespace from the flag, else from K8S_NAMESPACE_NAME', () => {
    const env = { K8S_NAMESPACE_NAME: ' from-env\n' };

    assert.equal(parse(['--namespace', 'from-flag'], env).config.namespace, 'from-flag');
    assert.equal(parse([], env).config.namespace, 'from-env');
    assert.equal(parse([], { K8S_NAMESPACE_NAME: '' }).config.namespace, undefined);
  });

  it('refuses a namespace of the environment that is none', () => {
    assert.throws(() => parse([], { K8S_NAMESPACE_NAME: 'No_Name' }), {
      name: 'ConfigError',
      message: "K8S_NAMESPACE_NAME: expected a namespace name, got 'No_Name'",
    });
  });

  const bad: readonly (readonly string[])[] = [
    ['--count', '0'],
    ['--count', '1.5'],
    ['--count', '10001'],
    ['--count', 'many'],
    ['--concurrency', '5001'],
    ['--interval', '10'],
    ['--interval', '10ms'],
    ['--timeout', 'soon'],
    ['--fail-over', 'wait'],
    ['--fail-over', 'wait=5'],
    ['--fail-over', 'brunch=5s'],
    ['--resources', 'cpu=10m'],
    ['--resources', 'cpu=10m,memory=lots'],
    ['--namespace', 'No_Name'],
    ['--image', 'two words'],
    ['--command', ' '],
    ['--node', 'a b'],
    ['--first-packet', 'smoke'],
    ['--port', '0'],
    ['--port', '65536'],
    ['--annotation-key', 'a/b/c'],
    ['--output', 'xml'],
    ['--unknown'],
  ];
  for (const args of bad) {
    it(`refuses ${args.join(' ')} in one line that names it`, () => {
      assert.throws(
        () => parse(args),
        (error: CommanderError & { written: string }) => {
          assert.match(error.written, /^error: [^\n]+\n(?:\(Did you mean[^\n]+\n)?$/);
          assert.ok(error.written.includes(args[0] ?? ''));
          return true;
        },
      );
    });
  }
});

describe('mountedNamespace', () => {
  it('is the trimmed content of the mounted file', () => {
    assert.equal(
      mountedNamespace(() => 'probes\n'),
      'probes',
    );
  });

  it('is nothing without the file', () => {
    const missing = (): string => {
      throw new Error('ENOENT');
    };

    assert.equal(mountedNamespace(missing), undefined);
    assert.equal(
      mountedNamespace(() => '\n'),
      undefined,
    );
  });
});
