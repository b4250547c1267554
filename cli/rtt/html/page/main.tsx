import { render } from 'preact';
import type { MatrixReport } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { applyTheme } from '../../../html/page/apply-theme.ts';
import { dataOf, elementOf } from '../../../html/page/element.ts';
import { geometryOf } from './geometry.ts';
import { mapKey, pageKey } from './keys.ts';
import { meshModel } from './mesh-model.ts';
import { reduce, type PageAction } from './page-action.ts';
import { firstState, type PageState } from './page-state.ts';
import { Page } from './page.tsx';
import { rememberShown } from './shown-map.ts';

const model = meshModel(dataOf<MatrixReport>('report'));
const shownOf = rememberShown(model);
const place = elementOf('page');
let state: PageState = firstState(model);
let frame = 0;

function draw(): void {
  cancelAnimationFrame(frame);
  frame = 0;
  const shown = shownOf(state);
  const geometry = geometryOf(shown, state);
  render(<Page {...{ model, state, shown, geometry, dispatch }} />, place);
}

function dispatch(action: PageAction): void {
  const before = state;
  state = reduce(model, shownOf, state, action);
  applyTheme(state.printing ? 'light' : state.theme);
  if (state !== before && frame === 0) frame = requestAnimationFrame(draw);
}

function print(printing: boolean): void {
  dispatch({ kind: 'printing', printing });
  draw();
}

/** Keys in the field of the filter: those that leave it lead to the map. */
function keyInFilter({ key }: KeyboardEvent): boolean {
  if (!['Escape', 'Enter', 'ArrowDown'].includes(key)) return false;
  if (key === 'Escape') dispatch({ kind: 'filter', filter: '' });
  elementOf('map').focus();
  return true;
}

function keyOnPage({ target, key, ctrlKey }: KeyboardEvent): boolean {
  const map = elementOf('map');
  const atMap = target === map || target === document.body;
  const action =
    (atMap ? mapKey(key, ctrlKey) : undefined) ?? (ctrlKey ? undefined : pageKey(key, state));
  if (action === undefined) return false;
  if (action === 'focus-filter') {
    elementOf('filter').focus();
    return true;
  }
  if (action.kind === 'move') map.focus();
  dispatch(action);
  return true;
}

addEventListener('keydown', (event) => {
  if (event.metaKey || event.altKey || state.help) return;
  const taken = event.target === elementOf('filter') ? keyInFilter(event) : keyOnPage(event);
  if (taken) event.preventDefault();
});
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
draw();
