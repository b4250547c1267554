import { nameOf } from '../../drawing.ts';
import { printable, truncateMiddle } from '../../../terminal/text.ts';
import { besides } from '../../../html/page/besides.ts';
import { Breakable } from '../../../html/page/breakable.tsx';
import { failureText } from './failure.ts';
import type { Pointed } from './gestures.ts';
import type { PageProps } from './page-props.ts';
import { ServiceMark } from './service-mark.tsx';
import { attributeText } from './span-filter.ts';
import type { SpanRow } from './trace-model.ts';
import { lastingText, shareText } from './wording.ts';

const mostAttributes = 5;
const longestValue = 72;
const longestFailure = 240;

/** What the span under a pointer on the time axis is, beside it; the panel of details has all of it, for keyboards too. */
export function Tooltip({ model, pointed }: PageProps & { readonly pointed: Pointed | undefined }) {
  const row = model.rows[pointed?.index ?? -1];
  if (pointed?.atNs === undefined || row === undefined) return null;
  const share = shareText(row.toNs - row.fromNs, model.lengthNs);
  return (
    <div class="tooltip" aria-hidden="true" style={besides(pointed)}>
      <strong>
        <Breakable text={nameOf(row.span)} />
      </strong>
      <p>
        <ServiceMark look={row.look} />
        <bdi>{printable(row.span.service)}</bdi>
      </p>
      <p>
        {lastingText(row.toNs - row.fromNs)}
        {share !== '' && ` · ${share}`} · from {lastingText(row.fromNs)}
      </p>
      {row.failed && (
        <p class="failure">
          ✗ {truncateMiddle(printable(failureText(row.span)), longestFailure, '…')}
        </p>
      )}
      <Some row={row} />
    </div>
  );
}

/** The first of the span's own attributes that say something. */
function Some({ row }: { readonly row: SpanRow }) {
  const told = Object.entries(row.span.attributes)
    .map(([key, value]) => [key, attributeText(value)] as const)
    .filter(([key, text]) => text !== '' && !/^(resource|kube_latency)\./.test(key));
  return (
    <dl>
      {told.slice(0, mostAttributes).map(([key, text]) => (
        <div key={key}>
          <dt>
            <bdi>{printable(key)}</bdi>
          </dt>
          <dd>
            <bdi>{truncateMiddle(printable(text), longestValue, '…')}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
