import { besides } from '../../../html/page/besides.ts';
import { Breakable } from '../../../html/page/breakable.tsx';
import { printable, truncateMiddle } from '../../../terminal/text.ts';
import type { PageProps } from './page-props.ts';

const longestValue = 240;

/** All that is known of the row under the pointer. */
export function Tooltip({ rows, state }: PageProps) {
  const { tip } = state;
  const row = tip === undefined ? undefined : rows[tip.place];
  if (tip === undefined || row === undefined) return null;
  const { name, told, waited, failure, details } = row;
  return (
    <div class="tooltip" aria-hidden="true" style={besides(tip)}>
      <strong>
        <Breakable text={printable(name)} />
      </strong>
      <p>
        {told}
        {waited !== '' && ` · the end waited ${waited} for it`}
      </p>
      {failure !== '' && (
        <p class="failure">✗ {truncateMiddle(printable(failure), longestValue, '…')}</p>
      )}
      <dl>
        {details.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <bdi>{truncateMiddle(printable(value), longestValue, '…')}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
