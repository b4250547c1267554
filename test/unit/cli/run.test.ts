import assert from 'node:assert/strict';
import { runCommandLine } from '../../../cli/run.ts';
import { recordedContext } from './context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('runCommandLine', () => {
  const misuses = [
    { args: [], says: /no command given/ },
    { args: ['trac'], says: /unknown command 'trac' \(Did you mean trace\?\)/ },
    { args: ['up', '--bogus'], says: /unknown option '--bogus'/ },
    { args: ['up', 'extra'], says: /too many arguments/ },
    { args: ['up', '--nodes', '0'], says: /expected a whole number from 1 to 20, got '0'/ },
    { args: ['up', '--on', 'mars'], says: /expected one of auto, kind, local/ },
    { args: ['trace'], says: /missing required argument 'trace'/ },
    { args: ['trace', 'xyz'], says: /expected a trace id .* got 'xyz'/ },
    { args: ['trace', 'last', '--wait', '5'], says: /expected a duration .* got '5'/ },
    {
      args: ['trace', 'last', '--backend', 'ftp://x'],
      says: /http:\/\/ or https:\/\/, got 'ftp:\/\/x'/,
    },
    { args: ['trace', 'last', '--output', 'xml'], says: /expected one of waterfall, json/ },
    {
      args: ['trace', 'last'],
      says: /expected --backend URL or a cluster made by kube-latency up/,
    },
    { args: ['status', '--output', 'yaml'], says: /expected one of text, json/ },
    { args: ['probe', '--count', '0'], says: /--count.*whole number from 1/ },
    { args: ['probe', '--timeout', '5'], says: /--timeout.*duration.*got '5'/ },
    { args: ['probe', '--fail-over', 'lunch=1s'], says: /--fail-over.*PHASE=DURATION/ },
    { args: ['rtt', '--fail-over', 'p95=1s'], says: /--fail-over.*mean=DURATION/ },
    { args: ['rtt', '--top', 'all'], says: /--top.*whole number from 0/ },
    { args: ['rtt', '--watch', '--json'], says: /'--watch' cannot be used with option '--json'/ },
    { args: ['rtt', '--from', 'a', '--context', 'b'], says: /'--from.*cannot be used with/ },
    { args: ['rtt', '--kubeconfig', '/no/such/file'], says: /\/no\/such\/file/ },
    { args: ['probe', '--kubeconfig', '/no/such/file'], says: /\/no\/such\/file/ },
  ];
  for (const { args, says } of misuses) {
    it(`ends \`kube-latency ${args.join(' ')}\` with 2 and one line`, async () => {
      const context = recordedContext();

      const code = await runCommandLine(args, '1.2.3', context);

      assert.equal(code, 2);
      assert.deepEqual(context.printed.out, []);
      assert.equal(context.printed.err.length, 1);
      const [line = ''] = context.printed.err;
      assert.match(line, says);
      assert.match(line, /^kube-latency: [^\n]*[^.\n]$/);
    });
  }

  it('prints its version', async () => {
    const context = recordedContext();

    assert.equal(await runCommandLine(['--version'], '1.2.3', context), 0);
    assert.deepEqual(context.printed.out, ['1.2.3']);
  });

  for (const command of [
    'start',
    'up',
    'down',
    'status',
    'doctor',
    'probe',
    'trace',
    'rtt',
    'report',
    'completion',
  ]) {
    it(`prints help with examples for ${command}`, async () => {
      const context = recordedContext();

      assert.equal(await runCommandLine([command, '--help'], '1.2.3', context), 0);
      const text = context.printed.out.join('\n');
      assert.match(text, new RegExp(`^Usage: kube-latency ${command}`));
      assert.match(text, new RegExp(`Examples:\\n  kube-latency ${command}`));
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > 80),
        [],
      );
    });
  }

  it('ends with 1 and one line when the backend cannot be reached', async () => {
    const context = recordedContext();
    const args = ['trace', traceId, '--backend', 'http://127.0.0.1:9/'];

    assert.equal(await runCommandLine(args, '1.2.3', context), 1);
    assert.equal(context.printed.err.length, 1);
    assert.match(context.printed.err[0] ?? '', /^kube-latency: reading trace 0af7.*127\.0\.0\.1:9/);
  });

  for (const [args, problem] of [
    [
      ['probe', '--count', 'x'],
      "option '--count <n>': expected a whole number from 1 to 10000, got 'x'",
    ],
    [
      ['rtt', '--fail-over', 'x'],
      "option '--fail-over <what=limit>': expected mean=DURATION, max=DURATION or loss=PERCENT%, got 'x'",
    ],
    [
      ['probe', '--first-packet', 'x'],
      "option '--first-packet <transport>': expected one of tcp, http, icmp, none, got 'x'",
    ],
    [['completion', 'csh'], "<shell>: expected one of bash, zsh, fish, kubectl, got 'csh'"],
    [
      ['probe', '--timeout', '5'],
      "option '--timeout <duration>': expected a duration such as 500ms, 5s or 1m30s, got '5'",
    ],
  ] as const)
    it(`says what it expected and what it got: ${args.join(' ')}`, async () => {
      const context = recordedContext();

      assert.equal(await runCommandLine(args, '1.2.3', context), 2);
      assert.deepEqual(context.printed.err, [`kube-latency: ${problem}`]);
    });

  it('says that it was interrupted, and ends with 1', async () => {
    const context = recordedContext({}, AbortSignal.abort(new Error('stopped')));
    const args = ['trace', 'last', '--backend', 'http://127.0.0.1:9/'];

    assert.equal(await runCommandLine(args, '1.2.3', context), 1);
    assert.deepEqual(context.printed.err, ['kube-latency: interrupted']);
  });

  it('answers status without a cluster with 1, in JSON with nothing in it', async () => {
    const context = recordedContext();

    assert.equal(await runCommandLine(['status', '--output', 'json'], '1.2.3', context), 1);
    assert.deepEqual(JSON.parse(context.printed.out.join('')), {
      on: null,
      kubeconfig: null,
      viewer: null,
      nodes: [],
      components: [],
    });
  });
});
