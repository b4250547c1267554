import assert from 'node:assert/strict';
import { startRecord } from '../support/start-record.ts';

describe('npm start', () => {
  it('ends well, with the waterfall of one trace through pod-prober, apiserver and etcd', async () => {
    const { started } = await startRecord();

    assert.equal(started.code, 0, started.stderr);
    assert.match(started.stdout, /[0-9a-f]{32}/);
    for (const text of ['prober.main', 'pod-prober', 'apiserver', 'etcd', 'txn'])
      assert.ok(started.stdout.includes(text), `${text} in\n${started.stdout}`);
  });

  it('prints the address of the page that shows the trace', async () => {
    const { started } = await startRecord();

    assert.match(started.stdout, /http:\/\/127\.0\.0\.1:\d+\/traces\/[0-9a-f]{32}/);
  });
});
