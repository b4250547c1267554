import assert from 'node:assert/strict';
import { createJobLog } from '../../../../cli/probe/job-log.ts';
import { progressLog } from '../../../../cli/progress-log.ts';

function recorded() {
  const told: string[] = [];
  const progress = (line: string): void => void told.push(line);
  return { told, log: createJobLog(progressLog(progress), progress) };
}

const entry = (time: number, msg: string, level = 30, fields: object = {}): string =>
  JSON.stringify({ level, time, name: 'pod-prober', ...fields, msg });

describe('createJobLog', () => {
  it('tells the entries of the prober’s log in words, and keeps the report', () => {
    const { told, log } = recorded();

    log.read(entry(1, 'the client certificate is good', 30, { traceJoin: 'native' }));
    log.read(entry(2, 'not for people', 20));
    log.read(entry(3, 'export failed', 40, { spans: 3 }));
    log.read(entry(4, 'it is worse', 60));
    log.read('{"probes":[],"exitCode":1}');

    assert.deepEqual(told, [
      'the client certificate is good',
      'warning: export failed (spans 3)',
      'error: it is worse',
    ]);
    assert.deepEqual(log.report(), { probes: [], exitCode: 1 });
    assert.equal(log.lastWords(), undefined);
  });

  it('keeps the last words of a program that could not begin', () => {
    const { told, log } = recorded();

    log.read('pod-prober: namespace x: expected it to exist');

    assert.equal(log.lastWords(), 'namespace x: expected it to exist');
    assert.equal(log.report(), undefined);
    assert.deepEqual(told, []);
  });

  it('passes on what is neither', () => {
    const { told, log } = recorded();

    for (const line of ['(node:1) Warning: x', '{"level":30', '{"a":1}', '']) log.read(line);

    assert.deepEqual(told, ['(node:1) Warning: x', '{"level":30', '{"a":1}']);
  });

  it('tells nothing twice when the log is read again', () => {
    const { told, log } = recorded();
    const first = [entry(1, 'one'), entry(1, 'two'), 'a line', entry(2, 'three')];

    log.restart();
    for (const line of first) log.read(line);
    log.restart();
    for (const line of [...first, entry(3, 'four')]) log.read(line);

    assert.deepEqual(told, ['one', 'two', 'a line', 'three', 'four']);
  });
});
