import { KeyHelp } from '../../../html/page/key-help.tsx';
import { Findings } from './findings.tsx';
import { Heading } from './heading.tsx';
import { HeatMap } from './heat-map.tsx';
import { keyHelp } from './keys.ts';
import { Legend } from './legend.tsx';
import type { PageProps } from './page-props.ts';
import { Tooltip } from './tooltip.tsx';
import { Toolbar } from './toolbar.tsx';
import { WorstLists } from './worst-lists.tsx';

/** The whole page. */
export function Page(props: PageProps) {
  const { state, dispatch } = props;
  return (
    <>
      <Heading {...props} />
      <Findings {...props} />
      <Toolbar {...props} />
      <main>
        <HeatMap {...props} />
        <aside class="beside" aria-label="Legend and worst pairs">
          <Legend {...props} />
          <WorstLists {...props} />
        </aside>
      </main>
      <Tooltip {...props} />
      <KeyHelp
        open={state.help}
        keys={keyHelp}
        onClose={() => dispatch({ kind: 'help', open: false })}
      >
        Point at a cell to see all that was measured there. Click on one of the worst pairs to be
        led to its cell.
      </KeyHelp>
      <div role="status" class="unseen">
        {state.notice}
      </div>
    </>
  );
}
