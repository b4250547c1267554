import assert from 'node:assert/strict';
import { readArrivals } from '../../../../../cli/doctor/gather/arrivals.ts';
import { startFakeViewer, type FakeViewer } from '../../fake-viewer.ts';

describe('readArrivals', () => {
  const senders = [
    { service: 'etcd', node: null },
    { service: 'kubelet', node: 'worker' },
  ];
  const { signal } = new AbortController();
  let viewer: FakeViewer;

  beforeEach(async () => {
    viewer = await startFakeViewer();
  });

  afterEach(() => viewer.close());

  async function agesOf() {
    const arrivals = await readArrivals(viewer.url, senders, signal);
    assert.ok(arrivals.kind === 'seen');
    return arrivals.value.ages;
  }

  it('tells how old the newest span of each sender is', async () => {
    const startTime = String((BigInt(Date.now()) - 7000n) * 1_000_000n);
    viewer.answers = { searchTraces: { result: [{ startTime }] } };

    const ages = await agesOf();

    assert.deepEqual([...ages.keys()], ['etcd', 'kubelet on worker']);
    const [age] = ages.values();
    assert.ok(age?.kind === 'seen' && age.value !== null && age.value >= 7 && age.value < 12);
  });

  it('looks further back for a sender of whom nothing came just now', async () => {
    viewer.answers = { searchTraces: { result: [] } };

    const ages = await agesOf();

    assert.deepEqual(
      [...ages.values()],
      [
        { kind: 'seen', value: null },
        { kind: 'seen', value: null },
      ],
    );
    const spans = viewer.asked.map(({ params: [from, to] }) => Number(to) - Number(from));
    assert.deepEqual(
      spans.map((ns) => Math.round(ns / 60e9)).toSorted((one, other) => one - other),
      [3, 3, 31, 31],
    );
  });

  it('says why where the viewer does not answer', async () => {
    viewer.answers = { searchTraces: 500 };

    const arrivals = await readArrivals(viewer.url, senders, signal);

    assert.ok(arrivals.kind === 'hidden');
    assert.match(arrivals.why, /no backend at http.*got 500/);
  });

  it('does not begin where there is no time left', async () => {
    const arrivals = await readArrivals(viewer.url, senders, AbortSignal.abort());

    assert.deepEqual(arrivals, { kind: 'hidden', why: 'there was no time left to ask' });
    assert.deepEqual(viewer.asked, []);
  });
});
