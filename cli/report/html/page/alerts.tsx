import { printable } from '../../../terminal/text.ts';
import type { Alert } from '../../cluster-report.ts';

/** Alerts that fire or are about to, each with what it is about. */
export function Alerts({ alerts }: { readonly alerts: readonly Alert[] }) {
  if (alerts.length === 0) return <p class="well">No alert fires.</p>;
  return (
    <ul class="alerts">
      {alerts.map((alert, index) => (
        <li key={index} class={alert.state}>
          <strong>{alert.state}</strong> <bdi>{printable(alert.name)}</bdi>{' '}
          <bdi>{printable(alert.summary)}</bdi>{' '}
          <span class="muted">
            since {printable(alert.activeAt)}
            {Object.entries(alert.labels).map(
              ([name, value]) => ` · ${printable(name)}=${printable(value)}`,
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
