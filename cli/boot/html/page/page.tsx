import { KeyHelp } from '../../../html/page/key-help.tsx';
import { Chart } from './chart.tsx';
import { Heading } from './heading.tsx';
import { keyHelp } from './keys.ts';
import { MissingEvents } from './missing-events.tsx';
import type { PageProps } from './page-props.ts';
import { Toolbar } from './toolbar.tsx';
import { Tooltip } from './tooltip.tsx';

/** The whole page. */
export function Page(props: PageProps) {
  const { state, dispatch } = props;
  return (
    <>
      <Heading {...props} />
      <Toolbar {...props} />
      <main>
        <Chart {...props} />
        <MissingEvents {...props} />
      </main>
      <Tooltip {...props} />
      <KeyHelp
        open={state.help}
        keys={keyHelp}
        onClose={() => dispatch({ kind: 'help', open: false })}
      >
        Point at a row to see all that is known of it. A double click zooms to it.
      </KeyHelp>
      <div role="status" class="unseen">
        {state.notice}
      </div>
    </>
  );
}
