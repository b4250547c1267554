import { printable } from '../../../terminal/text.ts';
import type { PageProps } from './page-props.ts';

/** What was not told, and why. */
export function MissingEvents({ data }: PageProps) {
  if (data.missing.length === 0) return null;
  return (
    <section class="missing" aria-labelledby="missing-title">
      <h2 id="missing-title">Not told</h2>
      <dl>
        {data.missing.map(({ name, why, awaited }) => (
          <div key={name} class={awaited ? 'awaited' : ''}>
            <dt>
              <bdi>
                {awaited && '✗ '}
                {printable(name)}
              </bdi>
            </dt>
            <dd>
              <bdi>{printable(why)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
