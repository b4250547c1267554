import type { Theme } from '../../../html/page/theme.ts';
import { dataOf } from '../../../html/page/element.ts';
import { runPage } from '../../../html/page/run-page.ts';
import type { ClusterReport } from '../../cluster-report.ts';
import { Page } from './page.tsx';

interface PageState {
  readonly theme: Theme;
  readonly printing: boolean;
}

type PageAction =
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'printing'; readonly printing: boolean };

const report = dataOf('report') as ClusterReport;
const { dispatch, start } = runPage<PageState, PageAction>({
  first: { theme: undefined, printing: false },
  reduce: (state, action) =>
    action.kind === 'theme'
      ? { ...state, theme: action.theme }
      : { ...state, printing: action.printing },
  view: ({ theme }) => (
    <Page
      report={report}
      theme={theme}
      onTheme={(chosen) => dispatch({ kind: 'theme', theme: chosen })}
    />
  ),
  themeOf: ({ theme, printing }) => (printing ? 'light' : theme),
});
start();
