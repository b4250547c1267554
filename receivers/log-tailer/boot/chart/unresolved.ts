import type { Measurement } from '../measurement.ts';

/** What did not happen and why, a line each; nothing where all did. */
export function unresolvedText({ missing }: Measurement): string {
  return missing
    .map(({ event, why }) => `${event.name} (${event.metric}): ${why.replaceAll(/\s+/g, ' ')}`)
    .join('\n');
}
