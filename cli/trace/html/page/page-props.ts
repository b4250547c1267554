import type { PageAction } from './page-action.ts';
import type { Phase } from './phases.ts';
import type { PageState, Shown } from './page-state.ts';
import type { TraceModel } from './trace-model.ts';

/** What every part of the page is drawn from. */
export interface PageProps {
  readonly model: TraceModel;
  readonly phases: readonly Phase[];
  readonly state: PageState;
  readonly shown: Shown;
  readonly dispatch: (action: PageAction) => void;
}
