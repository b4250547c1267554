import assert from 'node:assert/strict';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import { readJournal } from '../../../../../../receivers/log-tailer/journal/edge/follow-journal.ts';
import { exportEntry } from '../../../../../support/journal/export-text.ts';
import { journalctlExport } from '../../../../../support/journal/systemd.ts';
import {
  needsJournald,
  startJournald,
  type Journald,
} from '../../../../../support/journal/journald.ts';
import { until } from '../../../../../support/until.ts';
import { following, reading, type Following } from './following.ts';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
const lines = (from: number, to: number): string => `${numbered(from, to).join('\n')}\n`;

describe('following a journald', function () {
  this.timeout(60_000);
  needsJournald();
  let journald: Journald | undefined;
  const followers: Following[] = [];

  const start = async (settings: string[] = [], isUp = true): Promise<Journald> => {
    journald = await startJournald(settings, isUp);
    return journald;
  };
  const follow = (...args: Parameters<typeof following>): Following => {
    const follower = following(...args);
    followers.push(follower);
    return follower;
  };

  afterEach(async () => {
    for (const follower of followers.splice(0)) await follower.stop();
    await journald?.stop();
    journald = undefined;
  });

  it('gives each entry once and in order while files are rotated', async () => {
    const { persistent, stream, rotate, files } = await start();
    const { messages, counts } = follow([persistent], 'kubelet');
    const out = await stream('kubelet');

    for (let round = 0; round < 6; round++) {
      out.write(lines(round * 500, round * 500 + 400));
      await rotate();
      out.write(lines(round * 500 + 400, round * 500 + 500));
    }
    await until(() => messages.length >= 3000, 20_000);

    assert.deepEqual(messages, numbered(0, 3000));
    assert.ok(files('persistent').length >= 6, files('persistent').join(' '));
    assert.deepEqual(counts, noCounts());
  });

  it('reads what a killed one left as journalctl does', async () => {
    const { persistent, stream, rotate, kill } = await start();
    const { messages } = follow([persistent], 'kubelet');
    const out = await stream('kubelet');
    for (let round = 0; round < 3; round++) {
      out.write(lines(round * 300, round * 300 + 300));
      await until(() => messages.length === round * 300 + 300);
      if (round < 2) await rotate();
    }
    await kill();

    const ours: Buffer[] = [];
    for await (const { entries } of readJournal(reading([persistent])))
      ours.push(...entries.map(exportEntry));

    const theirs = journalctlExport(['-D', persistent]);
    assert.ok(theirs.length > 300_000, String(theirs.length));
    assert.ok(Buffer.concat(ours).equals(theirs));
  });

  it('goes on from a position behind what it read, over rotations in between', async () => {
    const { persistent, stream, rotate } = await start();
    const out = await stream('kubelet');
    out.write(lines(0, 700));
    const first = follow([persistent], 'kubelet');
    await until(() => first.messages.length >= 700);
    await first.stop();
    const position = JSON.parse(JSON.stringify(first.position())) as ReturnType<
      Following['position']
    >;
    out.write(lines(700, 900));
    await rotate();
    out.write(lines(900, 1000));

    const second = follow([persistent], 'kubelet', { start: { kind: 'position', position } });
    await until(() => second.messages.length >= 300);

    assert.deepEqual([...first.messages, ...second.messages], numbered(0, 1000));
    assert.equal(second.counts.missedAtMost, 0);
  });

  it('gives what was volatile once, though it is copied to where it lasts', async () => {
    const { persistent, volatile, stream, flush } = await start([], false);
    const { messages } = follow([persistent, volatile], 'kubelet');
    const out = await stream('kubelet');
    out.write(lines(0, 300));
    await until(() => messages.length >= 300);
    out.write(lines(300, 350));

    await flush();
    out.write(lines(350, 400));
    await until(() => messages.includes('line 399'));

    assert.deepEqual(messages, numbered(0, 400));
  });

  it('begins with what comes where only that is wanted', async () => {
    const { persistent, stream, rotate } = await start();
    const out = await stream('kubelet');
    out.write(lines(0, 100));
    const before = follow([persistent], 'kubelet');
    await until(() => before.messages.length === 100);
    await before.stop();

    const { messages } = follow([persistent], 'kubelet', { start: { kind: 'now' } });
    await new Promise(setImmediate);
    out.write(lines(100, 150));
    await rotate();
    out.write(lines(150, 200));
    await until(() => messages.length >= 100);

    assert.deepEqual(messages, numbered(100, 200));
  });

  it('says how many entries at most were deleted before they were read', async () => {
    const { persistent, stream, rotate, files } = await start(['SystemMaxFiles=2']);
    const out = await stream('kubelet');
    out.write(lines(0, 10));
    const first = follow([persistent], 'kubelet');
    await until(() => first.messages.length === 10);
    await first.stop();
    const meanwhile = follow([persistent], 'kubelet');
    for (let round = 1; round < 6; round++) {
      out.write(lines(round * 10, round * 10 + 10));
      await until(() => meanwhile.messages.length === round * 10 + 10);
      await rotate();
    }

    const start2 = { kind: 'position', position: first.position() } as const;
    const second = follow([persistent], 'kubelet', { start: start2 });
    out.write(lines(60, 70));
    await until(() => second.messages.includes('line 69'));

    const kept = second.messages.length;
    assert.ok(kept < 60, `${kept} are left of 60 in ${files('persistent').join(' ')}`);
    assert.deepEqual(second.messages, numbered(70 - kept, 70));
    assert.ok(second.counts.missedAtMost >= 60 - kept, String(second.counts.missedAtMost));
  });
});
