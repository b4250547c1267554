import { isJaeger } from './jaeger/api.ts';
import { jaegerSource } from './jaeger/source.ts';
import type { BootSource, ProbeSource, SenderSource, TraceSource } from './source.ts';
import { viewerSource } from './viewer/source.ts';

/** The backend whose pages are at this address: a Jaeger 2 where one answers, else the viewer. */
export async function backendAt(
  pages: URL,
  signal: AbortSignal,
): Promise<TraceSource & ProbeSource & SenderSource & BootSource> {
  return (await isJaeger(pages, signal)) ? jaegerSource(pages, Date.now) : viewerSource(pages);
}
