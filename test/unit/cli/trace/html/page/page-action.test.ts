import assert from 'node:assert/strict';
import { reduce, type PageAction } from '../../../../../../cli/trace/html/page/page-action.ts';
import {
  firstState,
  rememberShown,
  type PageState,
} from '../../../../../../cli/trace/html/page/page-state.ts';
import { span } from '../../spans.ts';
import { modelOf } from '../rows.ts';

const model = modelOf([
  span(1, null, [0, 1000], { name: 'root' }),
  span(2, 1, [100, 500], { name: 'a', service: 'etcd' }),
  span(3, 2, [200, 300], { name: 'a1', service: 'kubelet' }),
  span(4, 1, [600, 600], { name: 'b', service: 'kubelet' }),
]);

/** Names of the rows that are shown after some actions; the selected one in brackets. */
function after(...actions: readonly PageAction[]): { state: PageState; shows: string } {
  const shownOf = rememberShown(model);
  const state = actions.reduce<PageState>(
    (before, action) => reduce(model, shownOf, before, action),
    firstState(model),
  );
  const shows = shownOf(state).rows.map(({ row }) =>
    row.index === state.selected ? `[${row.span.name}]` : row.span.name,
  );
  return { state, shows: shows.join(' ') };
}

const move = (...to: Extract<PageAction, { kind: 'move' }>['to'][]): PageAction[] =>
  to.map((each) => ({ kind: 'move', to: each }));
const filter = (text: string): PageAction => ({ kind: 'filter', filter: { text } });

describe('moving through the spans', () => {
  const cases: { does: string; actions: PageAction[]; shows: string }[] = [
    { does: 'begins at the first', actions: [], shows: '[root] a a1 b' },
    { does: 'goes down', actions: move('next', 'next'), shows: 'root a [a1] b' },
    { does: 'stops at the last', actions: move('last', 'next'), shows: 'root a a1 [b]' },
    { does: 'stops at the first', actions: move('previous'), shows: '[root] a a1 b' },
    { does: 'goes a page', actions: move('page-down'), shows: 'root a a1 [b]' },
    { does: 'goes in to the first child', actions: move('in'), shows: 'root [a] a1 b' },
    {
      does: 'stays at a row without children',
      actions: move('last', 'in'),
      shows: 'root a a1 [b]',
    },
    { does: 'collapses on the way out', actions: move('next', 'out'), shows: 'root [a] b' },
    {
      does: 'goes out to the parent',
      actions: move('next', 'next', 'out'),
      shows: 'root [a] a1 b',
    },
    {
      does: 'goes out to the parent of a collapsed row',
      actions: move('next', 'out', 'out'),
      shows: '[root] a b',
    },
    { does: 'stays at the top', actions: move('out', 'out'), shows: '[root]' },
    {
      does: 'expands what is collapsed',
      actions: move('next', 'out', 'in'),
      shows: 'root [a] a1 b',
    },
    {
      does: 'leaves what collapses around it',
      actions: [...move('next', 'next'), { kind: 'toggle-row', index: 0 }],
      shows: '[root]',
    },
    {
      does: 'collapses all but the uppermost',
      actions: [{ kind: 'collapse-all' }],
      shows: '[root] a b',
    },
    {
      does: 'expands all',
      actions: [{ kind: 'collapse-all' }, { kind: 'expand-all' }],
      shows: '[root] a a1 b',
    },
    {
      does: 'does not collapse a row without children',
      actions: [{ kind: 'toggle-row', index: 3 }, { kind: 'collapse-all' }],
      shows: '[root] a b',
    },
    {
      does: 'opens what a chosen span is hidden in',
      actions: [{ kind: 'collapse-all' }, { kind: 'select', index: 2, details: true }],
      shows: 'root a [a1] b',
    },
    {
      does: 'clears a filter that a chosen span does not fit',
      actions: [filter('etcd'), { kind: 'select', index: 3, details: true }],
      shows: 'root a a1 [b]',
    },
  ];
  for (const { does, actions, shows } of cases) {
    it(does, () => {
      assert.equal(after(...actions).shows, shows);
    });
  }
});

describe('filtering', () => {
  it('selects the first span that fits where the selected one does not', () => {
    assert.equal(after(filter('kubelet')).shows, 'root a [a1] b');
    assert.equal(after(...move('last'), filter('kubelet')).shows, 'root a a1 [b]');
  });

  it('shows all that fits, collapsed or not, and what was collapsed is so again afterwards', () => {
    const collapsed: PageAction = { kind: 'collapse-all' };

    assert.equal(after(collapsed, filter('a1')).shows, 'root a [a1]');
    assert.equal(after(collapsed, filter('a1'), filter('')).shows, 'root [a] b');
  });

  it('hides a service and shows it again', () => {
    const toggle: PageAction = { kind: 'toggle-service', service: 'kubelet' };

    assert.equal(after(toggle).shows, '[root] a');
    assert.equal(after(toggle, toggle).shows, '[root] a a1 b');
  });

  it('says how many fit to who listens', () => {
    assert.equal(after(filter('kubelet')).state.notice, '2 spans fit');
    assert.equal(after(filter('kubelet'), filter('')).state.notice, 'All spans shown');
  });

  it('shows nothing where nothing fits', () => {
    assert.equal(after(filter('nothing like it')).shows, '');
  });
});

describe('zooming', () => {
  it('shows a span with a little around it', () => {
    const { window } = after({ kind: 'zoom-to-row', index: 1 }).state;

    assert.deepEqual(window, { fromNs: 80_000, toNs: 520_000 });
  });

  it('shows what is around a span without length', () => {
    const { window } = after({ kind: 'zoom-to-row', index: 3 }).state;

    assert.deepEqual(window, { fromNs: 550_000, toNs: 650_000 });
  });

  it('is around the middle unless a moment is pointed at', () => {
    assert.deepEqual(after({ kind: 'zoom', factor: 0.5 }).state.window, {
      fromNs: 250_000,
      toNs: 750_000,
    });
    assert.deepEqual(after({ kind: 'zoom', factor: 0.5, aroundNs: 0 }).state.window, {
      fromNs: 0,
      toNs: 500_000,
    });
  });

  it('ends with the whole trace', () => {
    const { window } = after({ kind: 'zoom-to-row', index: 1 }, { kind: 'whole' }).state;

    assert.deepEqual(window, { fromNs: 0, toNs: 1_000_000 });
  });
});
