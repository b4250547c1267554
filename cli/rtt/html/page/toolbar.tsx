import type { ComponentChildren } from 'preact';
import { measures } from './measure.ts';
import type { PageAction } from './page-action.ts';
import type { PageProps } from './page-props.ts';

/** The filter, what is shown, of whom, and how large. */
export function Toolbar(props: PageProps) {
  const { model, state, shown } = props;
  return (
    <div class="toolbar">
      <Search {...props} />
      <div class="view" role="group" aria-label="Shown">
        {measures.map((measure, index) => (
          <Choice
            key={measure}
            {...props}
            pressed={state.measure === measure}
            shortcut={String(index + 1)}
            action={{ kind: 'measure', measure }}
          >
            {measure}
          </Choice>
        ))}
      </div>
      <div class="view" role="group" aria-label="View">
        {model.nodes !== undefined && model.zones !== undefined && (
          <Choice
            {...props}
            pressed={state.of === 'zone'}
            shortcut="z"
            action={{ kind: 'of', of: state.of === 'zone' ? 'node' : 'zone' }}
          >
            by zone
          </Choice>
        )}
        <Choice {...props} pressed={state.rowsAre === 'to'} shortcut="t" action={{ kind: 'turn' }}>
          swap from, to
        </Choice>
        <Choice {...props} pressed={state.small} shortcut="s" action={{ kind: 'resize-cells' }}>
          small cells
        </Choice>
      </div>
      <p class="muted rows-shown">
        {shown.rows.length} of {shown.matrix.members.length} rows
      </p>
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
        value={state.filter}
        placeholder="Filter rows…"
        aria-label="Filter rows by words in name and zone"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => dispatch({ kind: 'filter', filter: currentTarget.value })}
      />
    </div>
  );
}
