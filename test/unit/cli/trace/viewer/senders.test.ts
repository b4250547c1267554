import assert from 'node:assert/strict';
import { newestSpanOf } from '../../../../../cli/trace/viewer/senders.ts';
import { startFakeViewer, type FakeViewer } from '../../fake-viewer.ts';

describe('newestSpanOf', () => {
  const { signal } = new AbortController();
  const asked = { service: 'kubelet', node: 'worker', fromNs: 5n, toNs: 9n };
  let viewer: FakeViewer;

  beforeEach(async () => {
    viewer = await startFakeViewer();
  });

  afterEach(() => viewer.close());

  it('asks for the service of the node between the times, and takes the newest', async () => {
    const result = [{ startTime: '6' }, { startTime: '8' }, { startTime: '7' }];
    viewer.answers = { searchTraces: { result } };

    const newest = await newestSpanOf(viewer.url, asked, signal);

    assert.deepEqual(newest, { kind: 'found', startNs: 8n });
    const { params } = viewer.asked[0] ?? { params: [] };
    assert.deepEqual(params.slice(0, 2), ['5', '9']);
    const query = JSON.stringify(params[2]);
    assert.match(query, /"name":"service\.name"[^}]*"attributeScope":"resource"[^]*"kubelet"/);
    assert.match(query, /"name":"k8s\.node\.name"[^}]*"attributeScope":"resource"[^]*"worker"/);
  });

  it('asks for any node where none is named', async () => {
    viewer.answers = { searchTraces: { result: [] } };

    const newest = await newestSpanOf(viewer.url, { ...asked, node: null }, signal);

    assert.deepEqual(newest, { kind: 'found', startNs: null });
    assert.doesNotMatch(JSON.stringify(viewer.asked[0]?.params), /k8s\.node\.name/);
  });

  it('says why the viewer does not tell', async () => {
    viewer.answers = { searchTraces: { error: { code: -32000, message: 'database is locked' } } };

    const newest = await newestSpanOf(viewer.url, asked, signal);

    assert.deepEqual(newest, {
      kind: 'failed',
      problem: 'the viewer refused (-32000): database is locked',
    });
  });
});
