import assert from 'node:assert/strict';
import { progressLog } from '../../../cli/progress-log.ts';

describe('progressLog', () => {
  it('tells people what they can use, and what went wrong with its details', () => {
    const lines: string[] = [];
    const log = progressLog((line) => lines.push(line));

    log.debug({ try: 1 }, 'not for people');
    log.info({ swept: 2 }, 'deleted two pods');
    log.warn({}, 'slow');
    log.error({ error: 'refused', spans: { ended: 3 } }, 'export failed');

    assert.deepEqual(lines, [
      'deleted two pods',
      'warning: slow',
      'error: export failed (error refused, spans {"ended":3})',
    ]);
  });
});
