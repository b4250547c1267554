import { dataOf, elementOf } from '../../../html/page/element.ts';
import { listenToKeys } from '../../../html/page/listen-to-keys.ts';
import { runPage } from '../../../html/page/run-page.ts';
import type { Trace } from '../../model.ts';
import { pageKey, treeKey } from './keys.ts';
import { reduce, type PageAction } from './page-action.ts';
import { firstState, rememberShown, type PageState } from './page-state.ts';
import { Page } from './page.tsx';
import { phasesOf } from './phases.ts';
import { traceModel } from './trace-model.ts';

const model = traceModel(dataOf('trace') as Trace);
const phases = phasesOf(model);
const shownOf = rememberShown(model);
const { state, dispatch, start } = runPage<PageState, PageAction>({
  first: firstState(model),
  reduce: (before, action) => reduce(model, shownOf, before, action),
  view: (now) => <Page {...{ model, phases, dispatch }} state={now} shown={shownOf(now)} />,
  themeOf: ({ theme }) => theme,
});

listenToKeys({
  home: 'tree',
  ignores: ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey || state().help,
  clearFilter: () => dispatch({ kind: 'filter', filter: { text: '' } }),
  pressed: (event, atHome) => {
    const action =
      (atHome ? treeKey(event, state()) : undefined) ?? pageKey(event, state(), model.lengthNs);
    if (action === undefined) return false;
    if (action === 'focus-filter') {
      elementOf('filter').focus();
      return true;
    }
    // What closes with Escape may have had the focus.
    if (event.key === 'Escape') elementOf('tree').focus();
    dispatch(action);
    return true;
  },
});
start();
