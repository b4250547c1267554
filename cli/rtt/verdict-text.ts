import type { Verdict } from '../../receivers/shared/mesh/matrix-report.ts';
import { lossText } from './loss-text.ts';
import { sinceText } from './since-text.ts';
import { zoneName } from './zone-name.ts';

/** A verdict in words: who loses how much with whom, and how long already. */
export function verdictText(
  verdict: Verdict,
  { atMs, shown }: { readonly atMs: number; readonly shown: (name: string) => string },
): string {
  const loses = `loses ${lossText(verdict.loss)} of probes`;
  const lasting = `for ${sinceText(atMs - verdict.sinceMs)}`;
  switch (verdict.kind) {
    case 'node':
      return `${shown(verdict.node)} ${loses} with everybody ${lasting}`;
    case 'link':
      return `${shown(verdict.from)} ${loses} to ${shown(verdict.to)} ${lasting}`;
    case 'zones': {
      const [from, to] = [zoneName(verdict.from), zoneName(verdict.to)].map(shown);
      return `zone ${from} ${loses} to zone ${to} ${lasting}`;
    }
  }
}
