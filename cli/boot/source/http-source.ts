import { fetchText } from '../../fetch-text.ts';
import type { ReadBootSource } from './boot-source.ts';
import { understandText } from './understand.ts';

/** A log tailer that can be reached from here; `/boot` of it, unless the address has a path. */
export function httpSource(address: URL): ReadBootSource {
  const url = address.pathname === '/' ? new URL('/boot', address) : address;
  const asked = `reading a boot from ${url.href}`;
  return async (signal) => {
    const fetched = await fetchText(url, signal);
    return fetched.kind === 'text'
      ? understandText(fetched.text, asked)
      : { kind: 'failed', problem: `${asked}: ${fetched.problem}` };
  };
}
