import assert from 'node:assert/strict';
import { isRunning, parseStat, processInfo } from '../../../../local/host/proc.ts';

describe('parseStat()', () => {
  it('reads on behind a name with spaces and brackets', () => {
    const text = `4242 (a) (b c)) S 17 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 1`;

    assert.deepEqual(parseStat(text), { pid: 4242, state: 'S', parent: 17, startTime: '987654' });
  });
});

describe('isRunning()', () => {
  it('is true for this process, and false for another one that had its id', () => {
    const startTime = processInfo(process.pid)?.startTime ?? '';

    assert.equal(isRunning(process.pid, startTime), true);
    assert.equal(isRunning(process.pid, `${startTime}0`), false);
  });

  it('is false where there is no such process', () => {
    assert.equal(isRunning(2 ** 30, '1'), false);
  });
});
