import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchNames } from '../../../../../../receivers/log-tailer/journal/edge/watch-names.ts';
import { until } from '../../../../../support/until.ts';

describe('watching folders of journals', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journals-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('tells of a folder that comes later, and of what comes to it', async () => {
    const path = join(folder, 'journal');
    const watched = watchNames([path]);
    assert.equal(watched.takeNamesChanged(), false);

    mkdirSync(path);
    assert.equal(watched.takeNamesChanged(), true);
    // What comes before it is looked at is not told of: another follows, then.
    let user = 1000;
    await until(() => {
      writeFileSync(join(path, `user-${user++}.journal`), '');
      return watched.takeNamesChanged();
    });

    await watched.close();
  });

  it('is not woken by what is written beside a folder that is not there', async () => {
    const watched = watchNames([join(folder, 'journal')]);
    const stop = new AbortController();
    let woken = false;
    void watched.changed(60_000, stop.signal).then(() => (woken = true));

    for (let write = 0; write < 20; write++) {
      writeFileSync(join(folder, `messages${write % 2}`), String(write));
      await sleep(10);
    }

    assert.equal(woken, false);
    stop.abort();
    await watched.close();
  });
});
