import { PageTools } from '../../../html/page/page-tools.tsx';
import { counted, printable } from '../../../terminal/text.ts';
import { utcTime } from '../../../terminal/utc-time.ts';
import { sinceText } from '../../since-text.ts';
import type { PageProps } from './page-props.ts';

/** Of which mesh this is, and of when. */
export function Heading({ model, state, dispatch }: PageProps) {
  const { protocol, nodes, zones, windowMs, atMs } = model.report;
  return (
    <header class="heading">
      <div class="title">
        <h1>Round trips of {counted(nodes.length, 'node')}</h1>
        <p class="subtitle">
          <bdi>{printable(protocol)}</bdi>
          <span>{counted(zones.length, 'zone')}</span>
          <span>the last {sinceText(windowMs)} before</span>
          <time>{utcTime(atMs)}</time>
        </p>
      </div>
      <PageTools theme={state.theme} dispatch={dispatch} />
    </header>
  );
}
