import assert from 'node:assert/strict';
import { pageKey, treeKey } from '../../../../../../cli/trace/html/page/keys.ts';
import { firstState } from '../../../../../../cli/trace/html/page/page-state.ts';
import { span } from '../../spans.ts';
import { modelOf } from '../rows.ts';

const model = modelOf([span(1, null, [0, 1000]), span(2, 1, [0, 10])]);
const state = { ...firstState(model), selected: 1 };
const press = (key: string, shiftKey = false) => ({ key, shiftKey });

describe('a key in the tree', () => {
  const cases = [
    { key: press('ArrowDown'), does: { kind: 'move', to: 'next' } },
    { key: press('ArrowLeft'), does: { kind: 'move', to: 'out' } },
    { key: press('End'), does: { kind: 'move', to: 'last' } },
    { key: press('ArrowLeft', true), does: { kind: 'pan', share: -0.25 } },
    { key: press('ArrowRight', true), does: { kind: 'pan', share: 0.25 } },
    { key: press('Enter'), does: { kind: 'details', open: true } },
    { key: press(' '), does: { kind: 'toggle-row', index: 1 } },
    { key: press('+', true), does: { kind: 'zoom', factor: 0.5 } },
    { key: press('-'), does: { kind: 'zoom', factor: 2 } },
    { key: press('0'), does: { kind: 'whole' } },
    { key: press('z'), does: { kind: 'zoom-to-row', index: 1 } },
    { key: press('*', true), does: { kind: 'expand-all' } },
    { key: press('x'), does: undefined },
    { key: press('Tab'), does: undefined },
    { key: press('constructor'), does: undefined },
  ];
  for (const { key, does } of cases) {
    it(`${key.shiftKey ? 'Shift ' : ''}${key.key}: ${does?.kind ?? 'nothing'}`, () => {
      assert.deepEqual(treeKey(key, state), does);
    });
  }
});

describe('a key anywhere on the page', () => {
  it('leads to the filter, or opens the help', () => {
    assert.equal(pageKey(press('/'), state, 1e6), 'focus-filter');
    assert.deepEqual(pageKey(press('?', true), state, 1e6), { kind: 'help', open: true });
  });

  it('closes with Escape what is open, then clears the filter, then shows the whole trace', () => {
    const zoomed = { ...state, window: { fromNs: 5, toNs: 50 } };
    const filtered = { ...zoomed, filter: { ...state.filter, text: 'x' } };
    const open = { ...filtered, details: true };

    assert.deepEqual(pageKey(press('Escape'), open, 1e6), { kind: 'details', open: false });
    assert.deepEqual(pageKey(press('Escape'), filtered, 1e6), {
      kind: 'filter',
      filter: state.filter,
    });
    assert.deepEqual(pageKey(press('Escape'), zoomed, 1e6), { kind: 'whole' });
    assert.equal(pageKey(press('Escape'), state, 1e6), undefined);
  });
});
