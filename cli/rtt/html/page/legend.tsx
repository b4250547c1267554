import type { PageProps } from './page-props.ts';
import { heats } from './scale.ts';

const from = { mean: 'Mean', max: 'Longest', last: 'Last', loss: 'Lost' };

/** What colours and marks mean. */
export function Legend({ state, shown }: PageProps) {
  const { scale } = shown;
  const what = shown.matrix.of;
  const [rows, columns] = state.rowsAre === 'from' ? ['row', 'column'] : ['column', 'row'];
  return (
    <section aria-label="Legend">
      <h2>
        {from[state.measure]}, {scale.unit}
      </h2>
      <p class="muted">
        from the {rows}’s {what} to the {columns}’s
      </p>
      <ol class="scale">
        {Array.from({ length: heats }, (_, heat) => (
          <li key={heat}>
            <span class={`swatch heat${heat}`} />
            {heat === 0 ? (state.measure === 'loss' ? 'none' : '') : scale.edges[heat - 1]}
          </li>
        ))}
      </ol>
      <ul class="marks">
        <li>
          <span class="swatch sample lossy heat1">✗</span> some probes lost
        </li>
        <li>
          <span class="swatch sample lost">✗</span> all probes lost
        </li>
        <li>
          <span class="swatch sample missing">?</span> not measured
        </li>
      </ul>
    </section>
  );
}
