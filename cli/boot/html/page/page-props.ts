import type { BootData, BootRow } from './boot-data.ts';
import type { PageAction } from './page-action.ts';
import type { PageState } from './page-state.ts';

/** What every part of the page is drawn from. */
export interface PageProps {
  readonly data: BootData;
  /** The rows that fit the filter. */
  readonly rows: readonly BootRow[];
  readonly state: PageState;
  readonly dispatch: (action: PageAction) => void;
}
