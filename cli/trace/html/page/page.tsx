import { Chart } from './chart.tsx';
import { Details } from './details.tsx';
import { Heading } from './heading.tsx';
import { Help } from './help.tsx';
import type { PageProps } from './page-props.ts';
import { Toolbar } from './toolbar.tsx';

/** The whole page. */
export function Page(props: PageProps) {
  return (
    <>
      <Heading {...props} />
      <Toolbar {...props} />
      <main class={props.state.details ? 'with-details' : ''}>
        <Chart {...props} />
        <Details {...props} />
      </main>
      <Help {...props} />
      <div role="status" class="unseen">
        {props.state.notice}
      </div>
    </>
  );
}
