import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { watch } from '../../../../cli/rtt/watch.ts';
import { recordedContext, type RecordedContext } from '../context.ts';

const escape = String.fromCodePoint(27);

describe('watch()', () => {
  let stop: AbortController;

  beforeEach(() => {
    stop = new AbortController();
    mock.timers.enable({ apis: ['setTimeout'] });
  });

  afterEach(() => mock.timers.reset());

  function contextOf(height: number | undefined): RecordedContext {
    const context = recordedContext({}, stop.signal);
    return { ...context, terminal: { ...context.terminal, height } };
  }

  /** Lets a watch do all that it does without waiting. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  it('draws anew every 5 s, on a screen of its own without a cursor', async () => {
    const context = contextOf(10);
    let drawn = 0;
    const watching = watch(context, () => Promise.resolve(`picture ${(drawn += 1)}`));

    await settled();
    mock.timers.tick(4999);
    await settled();
    assert.equal(drawn, 1);
    mock.timers.tick(1);
    await settled();
    stop.abort(new Error('stopped by SIGINT'));
    await watching;

    const { out } = context.printed;
    assert.equal(out.length, 4);
    assert.ok(out[0]?.includes(`${escape}[?1049h${escape}[?25l`));
    assert.ok(out[2]?.startsWith(`${escape}[Hpicture 2`));
    assert.equal(out[3], `${escape}[?25h${escape}[?1049lpicture 2`);
  });

  it('leaves out what the screen has no room for', async () => {
    const context = contextOf(5);
    const watching = watch(context, () => Promise.resolve('1\n2\n3\n4\n5\n6'));

    await settled();
    stop.abort(new Error('stopped'));
    await watching;

    assert.deepEqual(
      (context.printed.out[1] ?? '').replaceAll(new RegExp(`${escape}\\[\\w`, 'g'), '').split('\n'),
      ['1', '2', '3', 'and 3 lines more'],
    );
  });

  it('prints one picture after the other where there is no terminal, without escapes', async () => {
    const context = contextOf(undefined);
    const watching = watch(context, () => Promise.resolve('picture'));

    await settled();
    mock.timers.tick(5000);
    await settled();
    stop.abort(new Error('stopped'));
    await watching;

    assert.deepEqual(context.printed.out, ['picture\n', 'picture\n']);
  });

  it('gives the screen back when it fails', async () => {
    const context = contextOf(10);
    const pictures = [Promise.resolve('first'), Promise.reject(new Error('a fault'))];
    const watching = watch(context, () => pictures.shift() ?? Promise.resolve(''));

    const failed = assert.rejects(watching, /a fault/);
    await settled();
    mock.timers.tick(5000);
    await failed;

    assert.equal(context.printed.out.at(-1), `${escape}[?25h${escape}[?1049lfirst`);
  });

  it('has not touched the screen where there is nothing to draw from the beginning', async () => {
    const context = contextOf(10);

    await assert.rejects(
      watch(context, () => Promise.reject(new Error('not deployed'))),
      /not deployed/,
    );

    assert.deepEqual(context.printed.out, []);
  });
});
