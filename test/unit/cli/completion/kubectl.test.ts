import assert from 'node:assert/strict';
import { runCommandLine } from '../../../../cli/run.ts';
import { recordedContext } from '../context.ts';

async function linesFor(words: readonly string[]): Promise<string[]> {
  const context = recordedContext();
  const code = await runCommandLine(['completion', 'kubectl', '--', ...words], '1.2.3', context);
  assert.equal(code, 0, context.printed.err.join('\n'));
  return context.printed.out.join('\n').split('\n');
}

describe('the completion of kubectl latency', () => {
  it('offers commands with what they do, and options, where nothing stands yet', async () => {
    const lines = await linesFor(['']);

    assert.ok(
      lines.includes('explain\tsay where the time of a pod that started slowly went'),
      lines.join('\n'),
    );
    assert.ok(lines.some((line) => line.startsWith('--version\t')));
    assert.equal(lines.at(-1), ':4');
  });

  const cases: readonly { words: readonly string[]; offers: readonly string[]; last: string }[] = [
    { words: ['tra'], offers: ['trace'], last: ':4' },
    { words: ['sta'], offers: ['start', 'status'], last: ':4' },
    { words: ['trace', '--output', 'h'], offers: ['html'], last: ':4' },
    { words: ['trace', '-o', 'h'], offers: ['html'], last: ':4' },
    { words: ['trace', '--output=h'], offers: ['html'], last: ':4' },
    { words: ['trace', 'last', '--outp'], offers: ['--output'], last: ':4' },
    { words: ['completion', 'f'], offers: ['fish'], last: ':4' },
    { words: ['rtt', '--from', ''], offers: [], last: ':0' },
    { words: ['report', '--file=./re'], offers: [], last: ':0' },
    { words: ['boot', ''], offers: [], last: ':0' },
    { words: ['boot', '--anch'], offers: ['--anchor'], last: ':4' },
    { words: ['probe', '--count', ''], offers: [], last: ':4' },
    { words: ['trcae', ''], offers: [], last: ':4' },
  ];
  for (const { words, offers, last } of cases)
    it(`offers ${offers.join(', ') || (last === ':0' ? 'files' : 'nothing')} behind \`${words.join(' ')}\``, async () => {
      const lines = await linesFor(words);

      assert.deepEqual(
        { offers: lines.slice(0, -1).map((line) => line.split('\t')[0]), last: lines.at(-1) },
        { offers, last },
      );
    });

  it('tells what was expected when words stand behind another shell', async () => {
    const context = recordedContext();
    const code = await runCommandLine(['completion', 'bash', 'trace'], '1.2.3', context);

    assert.equal(code, 2);
    assert.match(context.printed.err.join('\n'), /expected words behind kubectl alone, got trace/);
  });
});
