import { dataOf, elementOf } from '../../../html/page/element.ts';
import { listenToKeys } from '../../../html/page/listen-to-keys.ts';
import { runPage } from '../../../html/page/run-page.ts';
import type { BootData } from './boot-data.ts';
import { pageKey, rowKey } from './keys.ts';
import { reduce, type PageAction } from './page-action.ts';
import { firstState, shownRows, type PageState } from './page-state.ts';
import { Page } from './page.tsx';

const data = dataOf('boot') as BootData;
const { state, dispatch, start } = runPage<PageState, PageAction>({
  first: firstState(data),
  reduce: (before, action) => reduce(data, before, action),
  view: (now) => <Page {...{ data, dispatch }} state={now} rows={shownRows(data, now.filter)} />,
  themeOf: ({ theme }) => theme,
});

listenToKeys({
  home: 'rows',
  ignores: ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey || state().help,
  clearFilter: () => dispatch({ kind: 'filter', filter: { text: '' } }),
  pressed: (event, atHome) => {
    const action = (atHome ? rowKey(event) : undefined) ?? pageKey(event, state());
    if (action === undefined) return false;
    if (action === 'focus-filter') elementOf('filter').focus();
    else dispatch(action);
    return true;
  },
});
start();
