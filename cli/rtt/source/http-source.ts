import { fetchText } from '../../fetch-text.ts';
import type { ReportSource } from './report-source.ts';
import { understandText } from './understand.ts';

/** An aggregator that can be reached from here; `/matrix` of it, unless the address has a path. */
export function httpSource(address: URL): ReportSource {
  const url = address.pathname === '/' ? new URL('/matrix', address) : address;
  const asked = `reading the matrix from ${url.href}`;
  return {
    read: async (signal) => {
      const fetched = await fetchText(url, signal);
      return fetched.kind === 'text'
        ? understandText(fetched.text, asked)
        : { kind: 'failed', problem: `${asked}: ${fetched.problem}` };
    },
    close: () => undefined,
  };
}
