import assert from 'node:assert/strict';
import { placeBar } from '../../../../../../cli/trace/html/page/bar-place.ts';

const window = { fromNs: 100, toNs: 200 };
const place = (fromNs: number, toNs: number) => placeBar({ fromNs, toNs }, window, 1000, 100);

describe('placeBar', () => {
  it('has the bar where the span is in the window', () => {
    assert.deepEqual(place(125, 150), {
      kind: 'drawn',
      from: 0.25,
      to: 0.5,
      instant: false,
      label: 'right',
    });
  });

  it('cuts a span at the edges of the window', () => {
    assert.deepEqual(place(0, 500), {
      kind: 'drawn',
      from: 0,
      to: 1,
      instant: false,
      label: 'inside',
    });
  });

  it('has the label on the left where there is no room on the right', () => {
    assert.deepEqual(place(180, 195), {
      kind: 'drawn',
      from: 0.8,
      to: 0.95,
      instant: false,
      label: 'left',
    });
  });

  it('marks a span without length', () => {
    assert.deepEqual(place(150, 150), {
      kind: 'drawn',
      from: 0.5,
      to: 0.5,
      instant: true,
      label: 'right',
    });
  });

  it('says on which side a span is that is not in the window', () => {
    assert.deepEqual(place(0, 99), { kind: 'before' });
    assert.deepEqual(place(201, 300), { kind: 'after' });
  });
});
