import assert from 'node:assert/strict';

import { runExported } from '../../../../receivers/shared/exported-run.ts';

describe('runExported', () => {
  let done: string[];
  let stop: AbortController;
  beforeEach(() => {
    done = [];
    stop = new AbortController();
  });

  const note = (what: string) => {
    done.push(what);
    return Promise.resolve();
  };
  const run = (more: Partial<Parameters<typeof runExported<number>>[0]> = {}) =>
    runExported({
      receiver: {
        start: async () => {
          await note('receiver starts');
          return 7;
        },
        shutdown: () => note('receiver stops'),
      },
      startExport: async () => {
        await note('export starts');
        return { shutdown: () => note('export ends') };
      },
      onStarted: (started) => {
        done.push(`started ${started}`);
        stop.abort();
      },
      signal: stop.signal,
      shutdownMs: 40,
      ...more,
    });

  it('stops the receiver first, and then sends what it has told', async () => {
    assert.equal(await run(), true);

    assert.deepEqual(done, [
      'receiver starts',
      'export starts',
      'started 7',
      'receiver stops',
      'export ends',
    ]);
  });

  it('leaves no receiver that runs where the export cannot begin', async () => {
    const startExport = () => Promise.reject(new Error('no such file'));

    await assert.rejects(run({ startExport }), /no such file/);
    assert.deepEqual(done, ['receiver starts', 'receiver stops']);
  });

  it('sends what there is, and says so, where the receiver does not stop in time', async () => {
    const receiver = {
      start: () => Promise.resolve(7),
      shutdown: () => new Promise<void>(() => undefined),
    };

    assert.equal(await run({ receiver }), false);
    assert.deepEqual(done, ['export starts', 'started 7', 'export ends']);
  });
});
