import { printable } from '../../../terminal/text.ts';
import type { PageProps } from './page-props.ts';
import { ServiceMark } from './service-mark.tsx';
import { isWhole } from './time-window.ts';

/** The filter, the services, and how the tree and the axis are shown. */
export function Toolbar(props: PageProps) {
  return (
    <div class="toolbar">
      <Search {...props} />
      <Services {...props} />
      <View {...props} />
    </div>
  );
}

function Search({ model, state, dispatch }: PageProps) {
  const failed = model.rows.some((row) => row.failed);
  return (
    <div class="search" role="search">
      <input
        type="search"
        id="filter"
        value={state.filter.text}
        placeholder="Filter spans…"
        aria-label="Filter spans by words in name, service, ids and attributes"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) =>
          dispatch({ kind: 'filter', filter: { text: currentTarget.value } })
        }
      />
      {failed && (
        <button
          type="button"
          class="chip failed"
          aria-pressed={state.filter.failedOnly}
          onClick={() =>
            dispatch({ kind: 'filter', filter: { failedOnly: !state.filter.failedOnly } })
          }
        >
          ✗ Only failed
        </button>
      )}
    </div>
  );
}

function Services({ model, state, dispatch }: PageProps) {
  return (
    <div class="services" role="group" aria-label="Services">
      {model.looks.map((look) => (
        <button
          key={look.name}
          type="button"
          class="chip"
          aria-pressed={!state.filter.hidden.has(look.name)}
          onClick={() => dispatch({ kind: 'toggle-service', service: look.name })}
        >
          <ServiceMark look={look} />
          <bdi>{printable(look.name)}</bdi>
          <span class="count">{look.spans}</span>
        </button>
      ))}
    </div>
  );
}

function View({ model, state, dispatch }: PageProps) {
  const whole = isWhole(state.window, model.lengthNs);
  return (
    <div class="view" role="group" aria-label="View">
      <button
        type="button"
        class="tool wide"
        aria-label="Expand all"
        onClick={() => dispatch({ kind: 'expand-all' })}
      >
        Expand
      </button>
      <button
        type="button"
        class="tool wide"
        aria-label="Collapse all"
        onClick={() => dispatch({ kind: 'collapse-all' })}
      >
        Collapse
      </button>
      <button
        type="button"
        class="tool"
        aria-label="Zoom out"
        aria-disabled={whole}
        onClick={() => dispatch({ kind: 'zoom', factor: 2 })}
      >
        −
      </button>
      <button
        type="button"
        class="tool"
        aria-label="Zoom in"
        onClick={() => dispatch({ kind: 'zoom', factor: 0.5 })}
      >
        +
      </button>
      <button
        type="button"
        class="tool"
        aria-label="Fit the whole trace"
        aria-disabled={whole}
        onClick={() => dispatch({ kind: 'whole' })}
      >
        Fit
      </button>
    </div>
  );
}
