import assert from 'node:assert/strict';
import { geometryOf } from '../../../../../../cli/rtt/html/page/geometry.ts';
import { mapKey, pageKey } from '../../../../../../cli/rtt/html/page/keys.ts';
import { meshModel } from '../../../../../../cli/rtt/html/page/mesh-model.ts';
import { reduce, type PageAction } from '../../../../../../cli/rtt/html/page/page-action.ts';
import { firstState, type PageState } from '../../../../../../cli/rtt/html/page/page-state.ts';
import { cellOf, rememberShown } from '../../../../../../cli/rtt/html/page/shown-map.ts';
import { cellText, saidOf } from '../../../../../../cli/rtt/html/page/wording.ts';
import { allLost, meshReport, withCell } from '../../../../../support/mesh-report.ts';

const base = meshReport({ nodes: 9, zones: 3 });
const first = { ...base, pairs: withCell(base, 0, 1, allLost) };
const report = { ...first, pairs: withCell(first, 1, 2, { lost: 3 }) };
const model = meshModel(report);
const shownOf = rememberShown(model);

function after(...actions: readonly PageAction[]): PageState {
  return actions.reduce(
    (state, action) => reduce(model, shownOf, state, action),
    firstState(model),
  );
}

/** From whom to whom the selected cell is, and what stands in it. */
function selectedIn(state: PageState): string {
  const shown = shownOf(state);
  const cell = cellOf(shown, state, state.selected);
  assert.ok(cell);
  return `${cell.from.name} ${cell.to.name} ${cellText(cell, shown.scale)}`.trimEnd();
}

describe('the state of the page of a mesh', () => {
  it('has rows by zone, then by name', () => {
    const { matrix } = shownOf(firstState(model));

    assert.deepEqual(
      matrix.members.map(({ name }) => name.replace('worker-', '')),
      ['1', '4', '7', '2', '5', '8', '3', '6', '9'],
    );
  });

  it('walks from cell to cell, and not over the edge', () => {
    const right: PageAction = { kind: 'move', to: 'right' };

    assert.equal(selectedIn(after(right)), 'worker-1 worker-4 109');
    assert.equal(selectedIn(after({ kind: 'move', to: 'up' })), 'worker-1 worker-1');
    assert.equal(selectedIn(after({ kind: 'move', to: 'last' }, right)), 'worker-9 worker-9');
    assert.equal(selectedIn(after({ kind: 'move', to: 'page-down' })), 'worker-9 worker-1 916');
    assert.equal(after(right).notice, 'worker-1 to worker-4: mean 109 µs, 0 % lost');
  });

  it('leads to a link whatever is shown', () => {
    const go: PageAction = { kind: 'go', of: 'node', from: 0, to: 3 };

    assert.equal(selectedIn(after(go)), 'worker-1 worker-2 ✗ all');
    assert.equal(selectedIn(after({ kind: 'turn' }, go)), 'worker-1 worker-2 ✗ all');
    assert.equal(
      selectedIn(after({ kind: 'of', of: 'zone' }, { kind: 'filter', filter: 'zone-b' }, go)),
      'worker-1 worker-2 ✗ all',
    );
  });

  it('filters rows by words in name and zone', () => {
    const state = after({ kind: 'filter', filter: 'ZONE-B 5' });
    const shown = shownOf(state);

    assert.deepEqual(
      shown.rows.map((row) => shown.matrix.members[row]?.name),
      ['worker-5'],
    );
    assert.equal(state.notice, '1 of 9 rows');
    assert.deepEqual(shownOf(after({ kind: 'filter', filter: 'nobody' })).rows, []);
  });

  it('swaps from and to', () => {
    const state = after({ kind: 'turn' }, { kind: 'move', to: 'right' });

    assert.equal(selectedIn(state), 'worker-4 worker-1 101');
  });

  it('shows each measure', () => {
    const right: PageAction = { kind: 'move', to: 'right' };
    const texts = (['mean', 'max', 'last', 'loss'] as const).map((measure) =>
      selectedIn(after({ kind: 'measure', measure }, right)),
    );

    assert.deepEqual(
      texts.map((text) => text.split(' ')[2]),
      ['109', '327', '120', '0'],
    );
  });

  it('shows zones, or nodes where there are no zones', () => {
    const zones: PageAction = { kind: 'of', of: 'zone' };
    const nodesOnly = meshModel({ ...base, zonePairs: [] });

    assert.equal(selectedIn(after(zones)), 'zone-a zone-a 120');
    assert.equal(
      reduce(nodesOnly, rememberShown(nodesOnly), firstState(nodesOnly), zones).of,
      'node',
    );
  });

  it('begins with zones where pairs are not kept, and survives that there is nothing', () => {
    assert.equal(firstState(meshModel({ ...base, pairs: [] })).of, 'zone');
    const nothing = meshModel(meshReport({ nodes: 0, zones: 0 }));
    const state = firstState(nothing);
    const shown = rememberShown(nothing)(state);

    assert.deepEqual(shown.rows, []);
    assert.equal(cellOf(shown, state, state.selected), undefined);
  });

  it('begins with small cells where the mesh is large', () => {
    const large = meshModel(meshReport({ nodes: 200, zones: 4 }));
    const state = firstState(large);
    const { small, cellX, headX } = geometryOf(rememberShown(large)(state), state);

    assert.deepEqual([small, cellX, headX], [true, 3, 84]);
    assert.equal(firstState(model).small, false);
  });
});

describe('what a cell says', () => {
  const said = (from: number, to: number): string => {
    const state = after({ kind: 'go', of: 'node', from, to });
    const cell = cellOf(shownOf(state), state, state.selected);
    return cell === undefined ? '' : saidOf(cell);
  };

  it('tells loss and mean', () => {
    assert.equal(said(0, 3), 'worker-1 to worker-2: 100 % lost');
    assert.equal(said(3, 6), 'worker-2 to worker-3: mean 913 µs, 5 % lost');
    assert.equal(said(0, 0), 'worker-1 to worker-1: itself');
  });
});

describe('keys of the page of a mesh', () => {
  const state = firstState(model);

  it('move, with Ctrl to the corners', () => {
    assert.deepEqual(mapKey('ArrowDown', false), { kind: 'move', to: 'down' });
    assert.deepEqual(mapKey('Home', true), { kind: 'move', to: 'first' });
    assert.equal(mapKey('ArrowDown', true), undefined);
  });

  it('choose what is shown', () => {
    assert.deepEqual(pageKey('4', state), { kind: 'measure', measure: 'loss' });
    assert.deepEqual(pageKey('z', state), { kind: 'of', of: 'zone' });
    assert.equal(pageKey('/', state), 'focus-filter');
    assert.equal(pageKey('5', state), undefined);
    assert.equal(pageKey('0', state), undefined);
  });

  it('close a tooltip before they clear the filter', () => {
    const told = { ...state, tip: { row: 0, column: 0, x: 1, y: 1 } };

    assert.deepEqual(pageKey('Escape', told), { kind: 'tip-away' });
    assert.deepEqual(pageKey('Escape', state), { kind: 'filter', filter: '' });
  });
});
