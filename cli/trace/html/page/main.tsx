import { render } from 'preact';
import { dataOf, elementOf } from '../../../html/page/element.ts';
import { applyTheme } from '../../../html/page/apply-theme.ts';
import type { Trace } from '../../model.ts';
import { pageKey, treeKey } from './keys.ts';
import { reduce, type PageAction } from './page-action.ts';
import { firstState, rememberShown, type PageState } from './page-state.ts';
import { Page } from './page.tsx';
import { phasesOf } from './phases.ts';
import { traceModel } from './trace-model.ts';

const model = traceModel(dataOf<Trace>('trace'));
const phases = phasesOf(model);
const shownOf = rememberShown(model);
const place = elementOf('page');
let state: PageState = firstState(model);
let frame = 0;

function draw(): void {
  cancelAnimationFrame(frame);
  frame = 0;
  render(<Page {...{ model, phases, state, dispatch }} shown={shownOf(state)} />, place);
}

function dispatch(action: PageAction): void {
  const before = state;
  state = reduce(model, shownOf, state, action);
  applyTheme(state.theme);
  if (state !== before && frame === 0) frame = requestAnimationFrame(draw);
}

function print(printing: boolean): void {
  dispatch({ kind: 'printing', printing });
  draw();
}

/** Keys in the field of the filter: those that leave it lead to the tree. */
function keyInFilter({ key }: KeyboardEvent): boolean {
  if (!['Escape', 'Enter', 'ArrowDown'].includes(key)) return false;
  if (key === 'Escape') dispatch({ kind: 'filter', filter: { text: '' } });
  elementOf('tree').focus();
  return true;
}

function keyOnPage(event: KeyboardEvent): boolean {
  const tree = elementOf('tree');
  const atTree = event.target === tree || event.target === document.body;
  const action =
    (atTree ? treeKey(event, state) : undefined) ?? pageKey(event, state, model.lengthNs);
  if (action === undefined) return false;
  if (action === 'focus-filter') {
    elementOf('filter').focus();
    return true;
  }
  // What closes with Escape may have had the focus.
  if (event.key === 'Escape') tree.focus();
  dispatch(action);
  return true;
}

addEventListener('keydown', (event) => {
  const { target, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || state.help) return;
  const taken = target === elementOf('filter') ? keyInFilter(event) : keyOnPage(event);
  if (taken) event.preventDefault();
});
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
draw();
