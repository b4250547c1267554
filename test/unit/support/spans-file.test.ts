import assert from 'node:assert/strict';
import { spansOf } from '../../support/spans-file.ts';

function line(...spanIds: readonly string[]): string {
  const spans = spanIds.map((spanId) => ({
    traceId: 'ab',
    spanId,
    name: 'work',
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

describe('spansOf', () => {
  const ids = (text: string): string[] => spansOf(text).map(({ spanId }) => spanId);

  it('reads the spans of a line', () => assert.deepEqual(ids(line('1', '2')), ['1', '2']));

  it('reads nothing of a half line', () => assert.deepEqual(ids(line('1', '2').slice(0, -3)), []));

  it('reads the line that follows a half one, or several', () => {
    const half = line('1').slice(0, 40);

    assert.deepEqual(ids(half + line('2', '3')), ['2', '3']);
    assert.deepEqual(ids(half + half + line('4')), ['4']);
  });
});
