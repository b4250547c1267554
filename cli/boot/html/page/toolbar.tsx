import type { ComponentChildren } from 'preact';
import { isWhole } from '../../../trace/html/page/time-window.ts';
import type { PageAction } from './page-action.ts';
import type { PageProps } from './page-props.ts';

/** The filter, and what is shown. */
export function Toolbar(props: PageProps) {
  const { data, rows, state } = props;
  const { filter, comments, window } = state;
  return (
    <div class="toolbar">
      <Search {...props} />
      <p class="muted rows-shown">
        {rows.length} of {data.rows.length} rows
      </p>
      <div class="view" role="group" aria-label="View">
        <Choice
          {...props}
          pressed={filter.criticalOnly}
          shortcut="c"
          action={{ kind: 'filter', filter: { criticalOnly: !filter.criticalOnly } }}
        >
          critical path
        </Choice>
        <Choice {...props} pressed={comments} shortcut="m" action={{ kind: 'comments' }}>
          comments
        </Choice>
        <Choice
          {...props}
          pressed={isWhole(window, data.lengthNs)}
          shortcut="0"
          action={{ kind: 'whole' }}
        >
          whole boot
        </Choice>
      </div>
    </div>
  );
}

interface ChoiceProps extends Pick<PageProps, 'dispatch'> {
  readonly pressed: boolean;
  readonly shortcut: string;
  readonly action: PageAction;
  readonly children: ComponentChildren;
}

function Choice({ pressed, shortcut, action, dispatch, children }: ChoiceProps) {
  return (
    <button
      type="button"
      class="tool"
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      onClick={() => dispatch(action)}
    >
      {children}
    </button>
  );
}

function Search({ state, dispatch }: PageProps) {
  return (
    <div class="search" role="search">
      <input
        type="search"
        id="filter"
        value={state.filter.text}
        placeholder="Filter rows…"
        aria-label="Filter rows by words in name and details"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) =>
          dispatch({ kind: 'filter', filter: { text: currentTarget.value } })
        }
      />
    </div>
  );
}
