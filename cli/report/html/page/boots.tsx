import { printable } from '../../../terminal/text.ts';
import type { NodeBoot } from '../../cluster-report.ts';
import { secondsText } from './seconds-text.ts';

/** The boots of nodes side by side, on one axis from each node's first sign of life. */
export function Boots({ boots }: { readonly boots: readonly NodeBoot[] }) {
  const longest = Math.max(...boots.map(endOf), Number.MIN_VALUE);
  const percent = (seconds: number): string => `${((seconds / longest) * 100).toFixed(2)}%`;
  return (
    <div class="boots">
      {boots.map((boot) => (
        <figure key={boot.node}>
          <figcaption>
            <bdi>{printable(boot.node)}</bdi> <strong>{secondsText(endOf(boot))}</strong>
          </figcaption>
          <ol>
            {boot.steps.map(({ name, fromS, seconds }, index) => (
              <li key={index}>
                <span class="bar" style={{ left: percent(fromS), width: percent(seconds) }} />
                <span class="step">
                  <bdi>{printable(name)}</bdi> {secondsText(seconds)}
                </span>
              </li>
            ))}
          </ol>
        </figure>
      ))}
    </div>
  );
}

function endOf({ steps }: NodeBoot): number {
  return Math.max(0, ...steps.map(({ fromS, seconds }) => fromS + seconds));
}
