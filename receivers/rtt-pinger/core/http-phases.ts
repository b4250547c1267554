import {
  createHistogram,
  type GrowingHistogram,
} from '../../shared/metrics/exponential-histogram.ts';
import type { HttpPhases } from './sample.ts';
import type { Protocol } from './target.ts';

/** What a round trip by HTTP consists of; one on a connection that was there has no connect. */
export const httpPhases = ['connect', 'first_byte'] as const;
type HttpPhase = (typeof httpPhases)[number];

export type PhaseHistograms = Readonly<Record<HttpPhase, GrowingHistogram>>;

/** Undefined for protocols without phases. */
export function createPhases(protocol: Protocol): PhaseHistograms | undefined {
  if (protocol !== 'http') return undefined;
  return { connect: createHistogram(), first_byte: createHistogram() };
}

export function addPhases(
  histograms: PhaseHistograms | undefined,
  phases: HttpPhases | undefined,
): void {
  if (histograms === undefined || phases === undefined) return;
  const { connectNs, firstByteNs } = phases;
  if (connectNs !== null) histograms.connect.add(connectNs / 1e9);
  histograms.first_byte.add(firstByteNs / 1e9);
}
