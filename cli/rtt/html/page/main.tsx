import type { MatrixReport } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { dataOf, elementOf } from '../../../html/page/element.ts';
import { listenToKeys } from '../../../html/page/listen-to-keys.ts';
import { runPage } from '../../../html/page/run-page.ts';
import { geometryOf } from './geometry.ts';
import { mapKey, pageKey } from './keys.ts';
import { meshModel } from './mesh-model.ts';
import { reduce, type PageAction } from './page-action.ts';
import { firstState, type PageState } from './page-state.ts';
import { Page } from './page.tsx';
import { rememberShown } from './shown-map.ts';

const model = meshModel(dataOf('report') as MatrixReport);
const shownOf = rememberShown(model);
const { state, dispatch, start } = runPage<PageState, PageAction>({
  first: firstState(model),
  reduce: (before, action) => reduce(model, shownOf, before, action),
  view: (now) => {
    const shown = shownOf(now);
    return <Page {...{ model, shown, dispatch }} state={now} geometry={geometryOf(shown, now)} />;
  },
  // A picture is painted before the browser takes the colours of paper.
  themeOf: ({ theme, printing }) => (printing ? 'light' : theme),
});

listenToKeys({
  home: 'map',
  ignores: ({ metaKey, altKey }) => metaKey || altKey || state().help,
  clearFilter: () => dispatch({ kind: 'filter', filter: '' }),
  pressed: ({ key, ctrlKey }, atHome) => {
    const action =
      (atHome ? mapKey(key, ctrlKey) : undefined) ?? (ctrlKey ? undefined : pageKey(key, state()));
    if (action === undefined) return false;
    if (action === 'focus-filter') {
      elementOf('filter').focus();
      return true;
    }
    if (action.kind === 'move') elementOf('map').focus();
    dispatch(action);
    return true;
  },
});
start();
